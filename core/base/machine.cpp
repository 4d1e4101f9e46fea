#include "core/base/machine.h"

#include <sched.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace trilobit {

namespace {

void collectFeatures(std::vector<std::string>& out) {
#if defined(__x86_64__)
    const auto add = [&](bool has, const char* name) {
        if (has)
            out.emplace_back(name);
    };
    __builtin_cpu_init();
    // These ask for the operating system's support of the registers, too.
    add(__builtin_cpu_supports("sse4.2"), "sse4.2");
    add(__builtin_cpu_supports("avx2"), "avx2");
    add(__builtin_cpu_supports("fma"), "fma");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
                        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d))
        add((c >> 29) & 1, "f16c");
    add(avx512, "avx512");
    add(avx512 && __builtin_cpu_supports("avx512vnni"), "avx512-vnni");
    if (__get_cpuid_count(7, 1, &a, &b, &c, &d))
        add(((a >> 4) & 1) && __builtin_cpu_supports("avx2"), "avx-vnni");
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        add((d >> 24) & 1, "amx-tile");
        add((d >> 25) & 1, "amx-int8");
    }
#elif defined(__aarch64__)
    out.emplace_back("neon");
    if (getauxval(AT_HWCAP) & HWCAP_ASIMDDP)
        out.emplace_back("neon-dotprod");
#endif
}

} // namespace

Machine describeMachine() {
    Machine machine;
    machine.cpuModel = "unknown";
    std::ifstream cpuinfo("/proc/cpuinfo");
    for (std::string line; std::getline(cpuinfo, line);)
        if (line.rfind("model name", 0) == 0) {
            const std::size_t colon = line.find(": ");
            if (colon != std::string::npos)
                machine.cpuModel = line.substr(colon + 2);
            break;
        }
    collectFeatures(machine.cpuFeatures);
    machine.logicalCpus = defaultThreads();
    struct sysinfo memory {};
    if (::sysinfo(&memory) == 0)
        machine.memoryBytes = static_cast<std::uint64_t>(memory.totalram) * memory.mem_unit;
    struct utsname name {};
    if (::uname(&name) == 0)
        machine.system = std::string(name.sysname) + " " + name.release;
#if defined(__clang__)
    machine.compiler = "clang " __clang_version__;
#else
    machine.compiler = "gcc " __VERSION__;
#endif
    return machine;
}

int defaultThreads() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        return CPU_COUNT(&allowed) > 0 ? CPU_COUNT(&allowed) : 1;
    const long online = ::sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? static_cast<int>(online) : 1;
}

std::uint64_t residentBytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0, resident = 0;
    if (statm >> total >> resident)
        return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return 0;
}

} // namespace trilobit
