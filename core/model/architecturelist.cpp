// The list of all architectures, made from the folders that the build names.
#include "families.h"

namespace trilobit {

std::span<const Architecture> architectures() {
    static const std::vector<Architecture> kAll = allArchitectures();
    return kAll;
}

} // namespace trilobit
