/*
 * Preloaded into the kernel's conf by conf-judge.ts: answers popen() from a file of earlier answers, so that some
 * thousand runs of conf need not start a compiler a hundred times each. The rest of conf is as the tree built it.
 *
 * JUDGE_ANSWERS  file of "hex(command) TAB hex(output) LF" lines; new answers are appended
 * JUDGE_MODE     "real": what the shell says; "yes": every probe of the shape `{ …; } && echo A || echo B` says A;
 *                "seed:N": a hash of N and the command chooses between A and B
 *
 * Tests that a compiler or linker exists, and that its version text is not empty, are always run for real: they end
 * conf when they fail.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LIMIT 65536

struct answer {
	char *command, *output; /* hex */
	struct answer *next;
};
static struct answer *answers;
static int loaded;

static char *to_hex(const char *bytes, size_t length)
{
	char *text = malloc(2 * length + 1);
	for (size_t i = 0; i < length; i++)
		sprintf(text + 2 * i, "%02x", (unsigned char)bytes[i]);
	text[2 * length] = 0;
	return text;
}

static void remember(char *command, char *output)
{
	struct answer *a = malloc(sizeof(*a));
	a->command = command;
	a->output = output;
	a->next = answers;
	answers = a;
}

static void load(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	loaded = 1;
	if (!f)
		return;
	while (getline(&line, &size, f) > 0) {
		char *tab = strchr(line, '\t'), *end = strchr(line, '\n');
		if (!tab || !end)
			continue;
		*tab = *end = 0;
		remember(strdup(line), strdup(tab + 1));
	}
	free(line);
	fclose(f);
}

static FILE *as_stream(const char *hex)
{
	int fd = memfd_create("answer", MFD_CLOEXEC);
	FILE *f = fdopen(fd, "w+");
	for (; hex[0] && hex[1]; hex += 2) {
		unsigned int byte;
		sscanf(hex, "%2x", &byte);
		fputc((int)byte, f);
	}
	rewind(f);
	return f;
}

/* Where the command is `{ probe; } >/dev/null 2>&1 && echo "A" || echo "B"`: A or B, with its newline. */
static char *choose(const char *command, int first)
{
	const char *tail = strstr(command, "; } >/dev/null 2>&1 && echo \"");
	const char *a, *a_end, *b, *b_end;

	if (command[0] != '{' || !tail)
		return NULL;
	if (!strncmp(command, "{ command -v", 12) || !strncmp(command, "{ test -z", 9))
		return NULL;
	a = strchr(tail, '"') + 1;
	a_end = strstr(a, "\" || echo \"");
	if (!a_end)
		return NULL;
	b = a_end + strlen("\" || echo \"");
	b_end = strrchr(b, '"');
	if (!b_end)
		return NULL;
	char *text = NULL;
	if (asprintf(&text, "%.*s\n", (int)(first ? a_end - a : b_end - b), first ? a : b) < 0)
		abort();
	return text;
}

static int seeded(const char *command, const char *seed)
{
	uint32_t hash = 2166136261u;
	for (; *seed; seed++)
		hash = (hash ^ (unsigned char)*seed) * 16777619u;
	for (; *command; command++)
		hash = (hash ^ (unsigned char)*command) * 16777619u;
	return (hash >> 13) & 1;
}

static size_t run(const char *command, char *buffer)
{
	FILE *(*real_popen)(const char *, const char *) = dlsym(RTLD_NEXT, "popen");
	int (*real_pclose)(FILE *) = dlsym(RTLD_NEXT, "pclose");
	FILE *p = real_popen(command, "r");
	size_t length = p ? fread(buffer, 1, LIMIT, p) : 0;

	if (p)
		real_pclose(p);
	return length;
}

FILE *popen(const char *command, const char *mode)
{
	const char *path = getenv("JUDGE_ANSWERS"), *how = getenv("JUDGE_MODE");
	static char buffer[LIMIT];
	char *hex = to_hex(command, strlen(command)), *output = NULL, *chosen = NULL, *line = NULL;

	(void)mode;
	if (!loaded)
		load(path);
	for (struct answer *a = answers; a; a = a->next)
		if (!strcmp(a->command, hex))
			return as_stream(a->output);
	if (!strcmp(how, "yes"))
		chosen = choose(command, 1);
	else if (!strncmp(how, "seed:", 5))
		chosen = choose(command, seeded(command, how));
	output = chosen ? to_hex(chosen, strlen(chosen)) : to_hex(buffer, run(command, buffer));
	remember(hex, output);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	int length = asprintf(&line, "%s\t%s\n", hex, output);
	if (fd < 0 || write(fd, line, (size_t)length) != length)
		abort();
	close(fd);
	free(line);
	return as_stream(output);
}

int pclose(FILE *f)
{
	return fclose(f);
}
