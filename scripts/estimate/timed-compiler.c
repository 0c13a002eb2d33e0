/*
 * A compiler for `make CC=…` that stands before the real one of the same name, for measuring builds:
 *
 *   gcc -O2 -o DIR/gcc scripts/estimate/timed-compiler.c       (DIR/clang, DIR/aarch64-linux-gnu-gcc, …)
 *
 * TIMED_LOG=FILE   appends `object,CPU seconds,time of day` for each kernel object that is compiled; the real compiler
 *                  is waited for, so that user and system time are those of all its processes.
 * TIMED_TEXT=FILE  compiles this text, too, after about every 1,500 bytes of log: `#reference,CPU seconds,time of day`,
 *                  the yardstick for the load of the machine.
 * STAND_IN=FILE    compiles no kernel object, but copies FILE (an empty object) in its place: enough to have Kbuild
 *                  write down every command (`.x.o.cmd`). What the build links and looks into is compiled for real.
 */
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { YARDSTICK_EVERY = 1500 };

static double seconds(const struct rusage *usage)
{
	return usage->ru_utime.tv_sec + usage->ru_stime.tv_sec +
	       (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

/* Exit status of the program; its CPU time in *spent. */
static int run(char **argv, double *spent)
{
	struct rusage usage;
	int status;
	pid_t child = fork();

	if (child == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return 1;
	*spent = seconds(&usage);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* Links, images and offsets are made of these, in the middle of the build. */
static int is_looked_into(const char *object)
{
	return strstr(object, "vdso") || strstr(object, "realmode") || strstr(object, "purgatory");
}

static int copy(const char *from, const char *to)
{
	char bytes[65536];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t got = in < 0 ? -1 : read(in, bytes, sizeof bytes);

	return got < 0 || out < 0 || write(out, bytes, got) != got;
}

/* Kbuild names the source last; where it only tries an option out, there is none. */
static int is_source(const char *name)
{
	const char *suffix = strrchr(name, '.');

	return suffix && (!strcmp(suffix, ".c") || !strcmp(suffix, ".S") || !strcmp(suffix, ".s"));
}

/* An object without content and its dependencies: the source alone. */
static int stand_in(const char *empty, const char *object, const char *depfile, const char *source)
{
	FILE *deps = depfile ? fopen(depfile, "w") : NULL;

	if (deps) {
		fprintf(deps, "%s: %s\n", object, source);
		fclose(deps);
	}
	return copy(empty, object);
}

static void append(int log, const char *name, double spent)
{
	char line[4096];
	int length = snprintf(line, sizeof line, "%s,%.4f,%ld\n", name, spent, (long)time(NULL));

	if (write(log, line, length) != length)
		perror("TIMED_LOG");
}

int main(int argc, char **argv)
{
	const char *log_name = getenv("TIMED_LOG"), *empty = getenv("STAND_IN");
	const char *object = NULL, *depfile = NULL;
	char *text = getenv("TIMED_TEXT");
	int compiles = 0, is_kernel = 0;

	argv[0] = basename(argv[0]);
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-c"))
			compiles = 1;
		else if (!strcmp(argv[i], "-D__KERNEL__"))
			is_kernel = 1;
		else if (!strcmp(argv[i], "-o") && i + 1 < argc)
			object = argv[i + 1];
		else if (!strncmp(argv[i], "-Wp,-MMD,", 9))
			depfile = argv[i] + 9;
	}
	if (!compiles || !is_kernel || !object || !is_source(argv[argc - 1])) {
		execvp(argv[0], argv);
		return 127;
	}
	if (empty && !is_looked_into(object))
		return stand_in(empty, object, depfile, argv[argc - 1]);

	double spent = 0;
	int status = run(argv, &spent);
	int log = log_name ? open(log_name, O_WRONLY | O_CREAT | O_APPEND, 0644) : -1;

	if (log < 0)
		return status;
	flock(log, LOCK_EX);
	off_t before = lseek(log, 0, SEEK_END);
	append(log, object, spent);
	off_t after = lseek(log, 0, SEEK_END);
	flock(log, LOCK_UN);
	if (text && before / YARDSTICK_EVERY != after / YARDSTICK_EVERY) {
		char *yardstick[] = { argv[0], "-w", "-O2", "-ffreestanding", "-x", "c", "-c", text, "-o", "/dev/null", NULL };

		if (run(yardstick, &spent) == 0)
			append(log, "#reference", spent);
	}
	return status;
}
