#include "core/encodings/encoding.h"

namespace trilobit {

Result<void> Encoding::pack(const GroupCodes&, std::span<std::byte>) const {
    const char* why = info().grid.kind == GridKind::Nested
                          ? " quantizes its scales a second time, and only its own encoder can fit them"
                          : " stores every weight as a number of its own and has no codes";
    return fail(ErrorCode::Unsupported, info().id + why);
}

Result<GroupCodes> Encoding::unpack(std::span<const std::byte>, std::int64_t, std::int64_t) const {
    const char* why = info().grid.kind == GridKind::Nested
                          ? " has scales of scales, which plain group codes cannot say"
                          : " stores every weight as a number of its own and has no codes";
    return fail(ErrorCode::Unsupported, info().id + why);
}

} // namespace trilobit
