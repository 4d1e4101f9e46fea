#include "core/store/processmark.h"

#include <unistd.h>

#include <cctype>
#include <fstream>

namespace trilobit {

namespace {

std::string smallFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text;
    char buffer[4096];
    in.read(buffer, sizeof buffer); // files of /proc have no size; these are far below one page
    text.assign(buffer, static_cast<std::size_t>(in.gcount()));
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
        text.pop_back();
    return text;
}

/// Field 22 of /proc/PID/stat; empty when there is no such process. A process that has ended but was not yet collected
/// by its parent (state Z or X) counts as gone.
std::string startTime(const std::string& pid) {
    const std::string stat = smallFile("/proc/" + pid + "/stat");
    // The second field is the program's name in brackets and may hold anything; fields are counted after its end.
    const std::size_t bracket = stat.rfind(')');
    if (bracket == std::string::npos || bracket + 2 >= stat.size() || stat[bracket + 2] == 'Z' || stat[bracket + 2] == 'X')
        return {};
    std::size_t at = bracket + 2;
    for (int field = 3; field < 22; ++field) {
        at = stat.find(' ', at);
        if (at == std::string::npos)
            return {};
        ++at;
    }
    return stat.substr(at, stat.find(' ', at) - at);
}

/// "BOOT-ID/PID-NAMESPACE/": equal for processes whose numbers can be compared.
std::string processSpace() {
    char space[64] = {};
    const ssize_t length = ::readlink("/proc/self/ns/pid", space, sizeof space - 1);
    const std::string boot = smallFile("/proc/sys/kernel/random/boot_id");
    if (boot.empty() || length <= 0)
        return {};
    return boot + "/" + std::string(space, static_cast<std::size_t>(length)) + "/";
}

} // namespace

std::string thisProcessMark() {
    const std::string space = processSpace();
    const std::string pid = std::to_string(::getpid());
    const std::string start = startTime(pid);
    return space.empty() || start.empty() ? std::string() : space + pid + "/" + start;
}

bool isProcessAlive(std::string_view mark) {
    if (mark.empty())
        return true;
    const std::string space = processSpace();
    if (space.empty())
        return true;
    if (!mark.starts_with(space))
        return false;
    mark.remove_prefix(space.size());
    const std::size_t slash = mark.find('/');
    if (slash == std::string_view::npos || slash == 0
        || mark.substr(0, slash).find_first_not_of("0123456789") != std::string_view::npos)
        return false; // not one of ours; it must not become part of a path
    return startTime(std::string(mark.substr(0, slash))) == mark.substr(slash + 1);
}

} // namespace trilobit
