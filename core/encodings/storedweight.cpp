#include "core/encodings/storedweight.h"

namespace trilobit {

const char* fieldRoleName(FieldRole role) noexcept {
    switch (role) {
    case FieldRole::Sign: return "sign";
    case FieldRole::Exponent: return "exponent";
    case FieldRole::Mantissa: return "mantissa";
    case FieldRole::Code: return "code";
    case FieldRole::Scale: return "scale";
    case FieldRole::Zero: return "zero";
    case FieldRole::Minimum: return "minimum";
    case FieldRole::SubScale: return "sub-scale";
    case FieldRole::SubMinimum: return "sub-minimum";
    }
    return "";
}

Result<StoredWeight> weightAt(const Encoding& encoding, std::span<const std::byte> tensor, std::int64_t rows,
                              std::int64_t cols, std::int64_t row, std::int64_t col) {
    TRILOBIT_TRY(const std::uint64_t size, encoding.sizeBytes(rows, cols));
    if (tensor.size() != size)
        return fail(ErrorCode::Internal, "a buffer of " + std::to_string(tensor.size()) + " bytes was given where "
                                             + std::to_string(size) + " are needed");
    if (row < 0 || row >= rows || col < 0 || col >= cols)
        return fail(ErrorCode::Usage, "there is no weight at row " + std::to_string(row) + ", column "
                                          + std::to_string(col) + " of a tensor of " + std::to_string(rows) + " x "
                                          + std::to_string(cols));
    const auto* layout = dynamic_cast<const WeightLayout*>(&encoding);
    if (!layout)
        return fail(ErrorCode::Unsupported, encoding.info().id + " does not say where its weights lie");
    return layout->describeWeight(tensor, rows, cols, row, col);
}

} // namespace trilobit
