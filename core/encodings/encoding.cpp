#include "core/encodings/encoding.h"

namespace trilobit {

namespace {

Error hasNoCodes(const EncodingInfo& info, const char* nested, const char* levels) {
    const char* why = " stores every weight as a number of its own and has no codes";
    if (info.grid.kind == GridKind::Nested)
        why = nested;
    else if (info.grid.kind == GridKind::Levels)
        why = levels;
    return fail(ErrorCode::Unsupported, info.id + why);
}

} // namespace

Result<void> Encoding::pack(const GroupCodes&, std::span<std::byte>) const {
    return hasNoCodes(info(), " quantizes its scales a second time, and only its own encoder can fit them",
                      " has levels of its own at uneven distances, and only its own encoder can fit them");
}

Result<GroupCodes> Encoding::unpack(std::span<const std::byte>, std::int64_t, std::int64_t) const {
    return hasNoCodes(info(), " has scales of scales, which plain group codes cannot say",
                      " has levels at uneven distances, which plain group codes cannot say");
}

} // namespace trilobit
