/*
 * A stand-in for compiler, assembler, linker and the like, so that the kernel's own build can be run through in minutes:
 * what it is asked to compile it writes down (JUDGE_LOG), and leaves an empty object (JUDGE_OBJECT) in its place. What
 * only asks the toolchain something (versions, options, generated headers) goes to the real program of the same name;
 * where that is one of another architecture and cannot do it, an empty text stands for its answer.
 *
 * One program under many names: gcc, clang, ld, ld.lld, ar, nm, objcopy, …; for host programs that read what was never
 * compiled (vdso2c, objtool, …), a copy of it is laid in their place by its other role, hostcc.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *basename_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static int ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length >= tail && strcmp(text + length - tail, end) == 0;
}

static void fail(const char *what)
{
	fprintf(stderr, "judge-toolchain: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int has_word(int argc, char **argv, const char *word)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], word))
			return 1;
	return 0;
}

/* Copies a file; the copy is new, so that make sees it remade. */
static void copy_file(const char *from, const char *to, mode_t mode)
{
	char buffer[65536];
	ssize_t length;
	int in = open(from, O_RDONLY), out;

	if (in < 0)
		fail(from);
	unlink(to);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);
	if (out < 0)
		fail(to);
	while ((length = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, length) != length)
			fail(to);
	close(in);
	close(out);
}

static void write_text(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");
	if (!out)
		fail(path);
	fputs(text, out);
	fclose(out);
}

static void write_object(const char *path)
{
	const char *object = getenv("JUDGE_OBJECT");
	if (!object) {
		errno = EINVAL;
		fail("JUDGE_OBJECT");
	}
	copy_file(object, path, 0755);
}

static void note(const char *path, const char *source)
{
	char line[8192];
	const char *log = getenv("JUDGE_LOG");
	int out, length;

	if (!log)
		return;
	length = snprintf(line, sizeof(line), "%s %s\n", path, source);
	out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (out < 0 || write(out, line, length) != length)
		fail(log);
	close(out);
}

/* Starts the real program of this name: the first on PATH. */
static void real(const char *name, char **argv)
{
	argv[0] = (char *)name;
	execvp(name, argv);
	fail(name);
}

/* The same for a text that is generated, such as bounds.s or vmlinux.lds: an empty one will do. */
static int real_text(const char *name, char **argv, const char *out)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		real(name, argv);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		fail(name);
	if (status != 0)
		write_text(out, "");
	return 0;
}

/* The dependency file that the compiler would leave for fixdep: the source alone. */
static void write_dependencies(const char *option, const char *object, const char *source)
{
	char text[16384];
	const char *comma = strrchr(option, ',');

	snprintf(text, sizeof(text), "%s: %s\n", object, source);
	write_text(comma + 1, text);
}

struct command {
	const char *out, *source, *dependencies;
	int compiles, probes, preprocesses;
};

static int is_source(const char *word)
{
	return ends_with(word, ".c") || ends_with(word, ".S") || ends_with(word, ".s");
}

static void read_command(struct command *command, int argc, char **argv)
{
	int i;

	memset(command, 0, sizeof(*command));
	for (i = 1; i < argc; i++) {
		const char *word = argv[i];
		if (!strcmp(word, "-o") && i + 1 < argc)
			command->out = argv[++i];
		else if (!strcmp(word, "-c"))
			command->compiles = 1;
		else if (!strcmp(word, "-x") || !strcmp(word, "-"))
			command->probes = 1;
		else if (!strcmp(word, "-E") || !strcmp(word, "-S"))
			command->preprocesses = 1;
		else if (!strncmp(word, "-Wp,-M", 6))
			command->dependencies = word;
		else if (word[0] == '-' && i + 1 < argc && (!strcmp(word, "-include") || !strcmp(word, "-isystem")))
			i++;
		else if (word[0] != '-' && is_source(word))
			command->source = word;
	}
}

static int compiler(const char *name, int argc, char **argv)
{
	struct command command;

	read_command(&command, argc, argv);
	/* checksyscalls.sh only looks for warnings. */
	if (!command.out && has_word(argc, argv, "-Wno-unused-macros"))
		return 0;
	if (!command.out || command.probes || !strcmp(command.out, "/dev/null"))
		real(name, argv);
	if (command.dependencies && command.source)
		write_dependencies(command.dependencies, command.out, command.source);
	if (command.preprocesses)
		return real_text(name, argv, command.out);
	write_object(command.out);
	if (command.compiles)
		note(command.out, command.source ? command.source : "-");
	return 0;
}

/* Host programs that would stumble over empty objects, or that cannot be compiled without generated headers. */
static const char *const replaced[] = { "vdso2c", "genvdso", "vdsomunge", "objtool", "relocs",
					"gen-hyprel", "modpost", "resolve_btfids", NULL };

static int is_replaced(const char *path)
{
	const char *name = basename_of(path);
	int i;

	for (i = 0; replaced[i]; i++)
		if (!strcmp(name, replaced[i]))
			return 1;
	return ends_with(path, ".o") && !strncmp(path, "scripts/mod/", 12) && strcmp(name, "mk_elfconfig.o");
}

static int host_compiler(const char *self, int argc, char **argv)
{
	struct command command;

	read_command(&command, argc, argv);
	if (!command.out || command.probes || command.preprocesses || !is_replaced(command.out))
		real("gcc", argv);
	copy_file(self, command.out, 0755);
	if (command.dependencies && command.source)
		write_dependencies(command.dependencies, command.out, command.source);
	return 0;
}

static int linker(const char *name, int argc, char **argv)
{
	struct command command;

	read_command(&command, argc, argv);
	if (!command.out)
		real(name, argv);
	write_object(command.out);
	return 0;
}

/* ar: the archive is the first word that ends in .a or .o. */
static int archiver(const char *name, int argc, char **argv)
{
	int i;

	for (i = 2; i < argc; i++) {
		if (argv[i][0] == '-')
			continue;
		if (argv[1][0] != 't' && ends_with(argv[i], ".a"))
			write_text(argv[i], "!<arch>\n");
		return 0;
	}
	real(name, argv);
	return 1;
}

int main(int argc, char **argv)
{
	const char *name = basename_of(argv[0]);

	if (!strcmp(name, "hostcc"))
		return host_compiler(argv[0], argc, argv);
	if (!strcmp(name, "gcc") || !strcmp(name, "clang"))
		return compiler(name, argc, argv);
	if (has_word(argc, argv, "--version") || has_word(argc, argv, "-v") || has_word(argc, argv, "-V"))
		real(name, argv);
	if (!strcmp(name, "ld") || !strcmp(name, "ld.lld"))
		return linker(name, argc, argv);
	if (ends_with(name, "ar"))
		return archiver(name, argc, argv);
	if (ends_with(name, "objcopy")) {
		write_object(argv[argc - 1]);
		return 0;
	}
	/* What a host program would make of objects: a text, the last it names. */
	if (is_replaced(name) && argc > 1 && access(argv[argc - 1], F_OK) != 0)
		write_text(argv[argc - 1], "");
	/* nm, strip, readelf, …: nothing to say, nothing to change. */
	return 0;
}
