/* Loaded into every process of one build (LD_PRELOAD): writes down what the process is, before its main() runs.

   `backlit.trace.preload` compiles it when a build starts the first program that may start others, and
   `backlit.trace.records` tells what it writes. It is written for no libc: it includes nothing, names no library, and
   takes what it calls from whichever libc the process has, so one object serves glibc of any age and musl; of musl,
   which has no on_exit(), without the status of a program that returns from main(). It wraps nothing but _exit(), which
   a shell ends a script with. BORING, SHELLS, DRIVERS, LAUNCHERS, READERS (of response files)
   and QUERIES (pkg-config's) are names of programs, a blank before and after each, given on the compiler's command
   line. */

typedef unsigned long word;

extern int open(const char *, int, ...), close(int), getpid(void), getppid(void);
extern long read(int, void *, word), write(int, const void *, word);
extern long readlink(const char *, char *, word), lseek(int, long, int);
extern char *getcwd(char *, word);
extern word getauxval(word);
extern int clock_gettime(int, void *);
extern void _Exit(int) __attribute__((noreturn));
extern char **environ __attribute__((weak));
extern const char *gnu_get_libc_version(void) __attribute__((weak));
extern int on_exit(void (*)(int, void *), void *) __attribute__((weak));

enum { EXECUTABLE_NAME = 31, MONOTONIC = 1, FROM_START = 0, FROM_END = 2 };
enum { WRITE_ONLY = 1, CREATE = 0100, APPEND = 02000, NO_WAITING = 04000, CLOSE_ON_EXEC = 02000000 };
enum { ID = 20, PATH_SIZE = 4096, BUFFER = 16384, LONGEST = 1 << 24 };
#define FIELD '\037'
#define RECORD '\036'

static char path[PATH_SIZE], buffer[BUFFER], id[ID + 1];
static int file = -1, used, process;

static word length(const char *text)
{
    word n = 0;
    while (text[n]) n++;
    return n;
}

static int starts(const char *text, const char *start)
{
    while (*start) if (*text++ != *start++) return 0;
    return 1;
}

static const char *base(const char *name)
{
    const char *last = name;
    for (; *name; name++) if (*name == '/') last = name + 1;
    return last;
}

/* True if the first n bytes of `name` are a word of `list`, which has a blank before and after each. */
static int among(const char *name, word n, const char *list)
{
    for (; *list; list++) {
        word i = 0;
        if (*list != ' ') continue;
        while (i < n && list[1 + i] == name[i]) i++;
        if (i == n && n && list[1 + n] == ' ') return 1;
    }
    return 0;
}

/* True for a name of `list`, a cross build's and a version's too: gcc, x86_64-linux-gnu-g++-12, clang-14. */
static int is_one_of(const char *name, const char *list)
{
    word n = length(name), i, from;
    for (i = n; i && ((name[i - 1] >= '0' && name[i - 1] <= '9') || name[i - 1] == '.'); i--) ;
    if (i > 1 && i < n && name[i - 1] == '-') n = i - 1;
    for (from = n; from && name[from - 1] != '-'; from--) ;
    return among(name + from, n - from, list) || among(name, n, list);
}

/* True for a name of `list`, alone or after what a cross build puts before it: aarch64-linux-gnu-pkg-config. */
static int ends_in_one_of(const char *name, const char *list)
{
    word n = length(name), from;
    for (from = 0; from < n; from++)
        if ((!from || name[from - 1] == '-') && among(name + from, n - from, list)) return 1;
    return 0;
}

/* The file is open only while it is written: a process may close what it did not open, and open it as its own. */
static int open_record(void)
{
    used = 0;
    file = open(path, WRITE_ONLY | CREATE | APPEND | CLOSE_ON_EXEC, 0600);
    return file >= 0;
}

/* True if this is ccache or its like under a compiler's name. */
static int is_launcher(const char *program)
{
    static char target[PATH_SIZE];
    const char *name;
    long n = readlink("/proc/self/exe", target, PATH_SIZE - 1);
    if (n <= 0) n = readlink(program, target, PATH_SIZE - 1); /* a chroot without /proc */
    if (n <= 0) return 0;
    target[n] = 0;
    name = base(target);
    return among(name, length(name), LAUNCHERS);
}

static void flush(void)
{
    int done = 0;
    while (done < used) {
        long n = write(file, buffer + done, used - done);
        if (n <= 0) break;
        done += n;
    }
    used = 0;
}

static void close_record(void)
{
    flush();
    close(file);
    file = -1;
}

static void put(char c)
{
    if (used == BUFFER) flush();
    buffer[used++] = c;
}

static void puts_(const char *text) { while (*text) put(*text++); }

static void put_number(word n)
{
    if (n > 9) put_number(n / 10);
    put('0' + n % 10);
}

static char *variable(char **env, const char *start)
{
    for (; *env; env++) if (starts(*env, start)) return *env + length(start);
    return 0;
}

/* The process's arguments, where no libc gives them: they lie before the environment, their number before them. */
static char **arguments_before(char **env)
{
    char **at = env - 2;
    word n = 0;
    while ((word)*at != n) { at--; n++; }
    return at + 1;
}

/* A name for this process that no other of the build has: process ids come back. */
static void make_id(void)
{
    static const char digits[] = "0123456789abcdef";
    long now[2] = {0, 0};
    word time;
    int i;
    clock_gettime(MONOTONIC, now);
    time = (word)now[0] * 1000000000ul + (word)now[1];
    for (i = 0; i < 8; i++) id[i] = digits[((word)process >> 4 * (7 - i)) & 15];
    for (i = 8; i < ID; i++) id[i] = digits[(time >> 4 * (ID - 1 - i)) & 15];
}

/* Gives a list of headers this process's name, and the variable its own: no other program, ccache least of all, is to
   know it. The value ends in as many zeros as an id has digits. */
static void name_list(char *assignment, const char *folder, int is_wrapper)
{
    char *value = assignment;
    word n, i;
    while (*value && *value++ != '=') ;
    n = length(value);
    if (n > ID && starts(value, folder))
        for (i = 0; i < ID; i++) value[n - ID + i] = id[i];
    if (!is_wrapper) assignment[0] = assignment[1] == 'U' ? 'S' : 'C';
}

static void put_response(int index, const char *name)
{
    static char chunk[BUFFER];
    int content = open(name, NO_WAITING | CLOSE_ON_EXEC);
    /* Only a file with an end, as gcc has it: what is read from a pipe is gone for the program. */
    long left = content < 0 ? 0 : lseek(content, 0, FROM_END), n = 1;
    if (left > 0 && left <= LONGEST && lseek(content, 0, FROM_START) == 0) {
        puts_("@\037");
        put_number(index);
        put(FIELD);
        for (; left > 0 && n > 0; left -= n) {
            long i;
            n = read(content, chunk, left < BUFFER ? left : BUFFER);
            for (i = 0; i < n; i++) put(chunk[i]);
        }
        put(RECORD);
    }
    if (content >= 0) close(content);
}

static void ended(int status)
{
    if (!process || getpid() != process) return; /* not recorded, or a child that shares this memory: vfork() */
    process = 0;
    if (!open_record()) return;
    puts_("?\037");
    put_number((word)(status & 255));
    put(RECORD);
    close_record();
}

static void at_exit(int status, void *unused) { (void)unused; ended(status); }

void _exit(int status)
{
    ended(status);
    _Exit(status);
}

/* Where pkg-config looks may be the build's own choice, made for this process alone. */
static void put_search_path(char **env)
{
    put('=');
    for (; *env; env++)
        if (starts(*env, "PKG_CONFIG_PATH=") || starts(*env, "PKG_CONFIG_LIBDIR=")) { put(FIELD); puts_(*env); }
    put(RECORD);
}

static void record(const char *program, char **argv, char **env)
{
    static char folder[PATH_SIZE];
    char **argument;
    puts_("3\037");
    puts_(program);
    put(FIELD);
    puts_(getcwd(folder, PATH_SIZE) ? folder : "");
    put(FIELD);
    put_number(process);
    put(FIELD);
    put_number(getppid());
    for (argument = argv; *argument; argument++) { put(FIELD); puts_(*argument); }
    put(RECORD);
    if (ends_in_one_of(base(program), QUERIES)) put_search_path(env);
    if (!is_one_of(base(program), READERS)) return;
    for (argument = argv; *argument; argument++)
        if ((*argument)[0] == '@' && (*argument)[1]) put_response(argument - argv, *argument + 1);
}

static void make_path(const char *folder)
{
    static const char records[] = "/records/";
    word n = length(folder), i;
    for (i = 0; i < n; i++) path[i] = folder[i];
    for (i = 0; records[i]; i++) path[n + i] = records[i];
    for (n += i, i = 0; i < ID; i++) path[n + i] = id[i];
}

/* A driver's own parts are its own affair. A script of a compiler's name is a wrapper, and the driver is below it. */
static void take_driver(const char *program, char **argv, char **env, char *below, const char *folder)
{
    int is_script = argv[0] && argv[1] && (starts(argv[1], program) || (argv[2] && starts(argv[2], program)));
    for (; *env; env++)
        if (starts(*env, "_UNPRO_DEPENDENCIES=") || starts(*env, "_C_PRINT_HEADERS")) name_list(*env, folder, is_script);
    if (below && !is_script) *below = '1';
}

/* Takes this library's path, its own or a former build's, out of a list of LD_PRELOAD. */
static void leave_out(char *list)
{
    static const char own[] = "/backlit-preload.so";
    char *entry = list, *end;
    for (end = list; *end && !starts(end, own); end++) if (*end == ':' || *end == ' ') entry = end + 1;
    if (!*end) return;
    end += sizeof own - 1;
    if (*end) end++;
    else if (entry > list) entry--;
    while ((*entry++ = *end++)) ;
}

/* A compiler cache's server outlives the build: what it starts is to look neither for this library nor for a list of
   headers where those no longer are. */
static void let_go(char **env, const char *folder)
{
    char **each, *list = variable(env, "CC_PRINT_HEADERS_FILE="), *library = variable(env, "LD_PRELOAD=");
    int ours = list && starts(list, folder);
    for (each = env; *each; each++)
        if ((starts(*each, "SUNPRO_DEPENDENCIES=") && starts(*each + sizeof "SUNPRO_DEPENDENCIES", folder))
            || (ours && starts(*each, "CC_PRINT_HEADERS")))
            (*each)[0] = '_';
    if (library) leave_out(library);
}

/* What a client asks a server for is done with the client's variables. */
static int drives(const char *program, char **argv, int is_client)
{
    if (is_client) return argv[0] && argv[1] && is_one_of(base(argv[1]), DRIVERS);
    return is_one_of(base(program), DRIVERS) && !is_launcher(program);
}

static void note(const char *program, char **argv, char **env)
{
    const char *name = base(program), *folder = variable(env, "_BACKLIT_TRACE=");
    char *below = variable(env, "_BACKLIT_DRIVER=");
    int is_daemons = among(name, length(name), DAEMONS);
    if (!folder || length(folder) > PATH_SIZE - 64) return;
    if (is_daemons && variable(env, "SCCACHE_START_SERVER=")) { let_go(env, folder); return; }
    if (below && *below == '1') return;
    if (among(name, length(name), BORING)) return;
    if (among(name, length(name), SHELLS) && argv[0] && argv[1] && argv[1][0] == '-') return;
    process = getpid();
    make_id();
    make_path(folder);
    if (drives(program, argv, is_daemons)) take_driver(program, argv, env, below, folder);
    if (!open_record()) { process = 0; return; }
    record(program, argv, env);
    close_record();
    if (&on_exit && on_exit) on_exit(at_exit, 0);
}

/* glibc gives all three to a constructor, musl none; there the environment is still where the kernel put it. */
__attribute__((constructor)) static void begin(int count, char **argv, char **env)
{
    const char *program = (const char *)getauxval(EXECUTABLE_NAME);
    (void)count;
    if (!&gnu_get_libc_version || !gnu_get_libc_version) {
        env = environ;
        argv = env && (word)env > (word)&program ? arguments_before(env) : 0;
    }
    if (program && argv && env) note(program, argv, env);
}
