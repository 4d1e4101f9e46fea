// peakof RESULT SECONDS PROGRAM ARGUMENT...: runs the program and writes to the file RESULT how it ended, how long it took
// and the most memory it held: "exit 0 0.034 16572" (seconds, KiB) or "signal 11 ...". After SECONDS the program is killed.
// A process of its own, because the peak that the system reports includes what the parent held when it forked.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace {
volatile pid_t child = 0;
void killChild(int) { ::kill(child, SIGKILL); }
} // namespace

int main(int argc, char** argv) {
    if (argc < 4)
        return 2;
    const auto start = std::chrono::steady_clock::now();
    child = ::fork();
    if (child == 0) {
        ::execv(argv[3], argv + 3);
        ::_exit(127);
    }
    ::signal(SIGALRM, killChild);
    ::alarm(static_cast<unsigned>(std::atoi(argv[2])));
    int status = 0;
    struct rusage usage {};
    while (::wait4(child, &status, 0, &usage) < 0) {}
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::FILE* result = std::fopen(argv[1], "w");
    if (!result)
        return 2;
    std::fprintf(result, "%s %d %.3f %ld\n", WIFEXITED(status) ? "exit" : "signal",
                 WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), seconds, usage.ru_maxrss);
    std::fclose(result);
    return 0;
}
