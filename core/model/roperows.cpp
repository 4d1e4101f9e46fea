#include "core/model/roperows.h"

#include <algorithm>
#include <cstring>

namespace trilobit {

std::vector<std::int64_t> interleavedRowOrder(std::int64_t rows, std::int64_t headDim, std::int64_t ropeDim) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
    for (std::int64_t row = 0; row < rows; ++row) {
        const std::int64_t head = row / headDim, inHead = row % headDim;
        const std::int64_t from = inHead < ropeDim ? inHead / 2 + (inHead % 2) * (ropeDim / 2) : inHead;
        order[static_cast<std::size_t>(row)] = head * headDim + from;
    }
    return order;
}

namespace {

/// Bytes of one row when the rows stand one after the other, otherwise 0.
std::size_t rowBytes(const Tensor& tensor) {
    const EncodingInfo& info = tensor.encoding->info();
    if (info.bytesPerBlock <= 0 || info.blockSize <= 0 || tensor.cols % info.blockSize != 0)
        return 0;
    const std::int64_t bytes = tensor.cols / info.blockSize * info.bytesPerBlock;
    return static_cast<std::uint64_t>(bytes * tensor.rows) == tensor.bytes.size() ? static_cast<std::size_t>(bytes) : 0;
}

Result<std::vector<std::byte>> reorderCodes(const Tensor& tensor, const std::vector<std::int64_t>& order) {
    auto source = tensor.encoding->unpack(tensor.bytes, tensor.rows, tensor.cols);
    if (!source)
        return Error{ErrorCode::Unsupported, "the rows of " + tensor.encoding->info().id + " cannot be put in the order "
                     "that GGUF demands", {}, tensor.name};
    GroupCodes target = *source;
    const auto perRow = static_cast<std::size_t>(source->groupsPerRow());
    const auto cols = static_cast<std::size_t>(tensor.cols);
    const auto copy = [](auto& to, const auto& from, std::size_t toRow, std::size_t fromRow, std::size_t width) {
        std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(fromRow * width), width,
                    to.begin() + static_cast<std::ptrdiff_t>(toRow * width));
    };
    for (std::size_t row = 0; row < order.size(); ++row) {
        const auto from = static_cast<std::size_t>(order[row]);
        copy(target.codes, source->codes, row, from, cols);
        copy(target.scale, source->scale, row, from, perRow);
        if (!source->zero.empty())
            copy(target.zero, source->zero, row, from, perRow);
    }
    std::vector<std::byte> out(tensor.bytes.size());
    TRILOBIT_CHECK(tensor.encoding->pack(target, out));
    return out;
}

} // namespace

Result<std::vector<std::byte>> reorderRows(const Tensor& tensor, const std::vector<std::int64_t>& order) {
    const std::size_t width = rowBytes(tensor);
    if (width == 0)
        return reorderCodes(tensor, order);
    std::vector<std::byte> out(tensor.bytes.size());
    for (std::size_t row = 0; row < order.size(); ++row)
        std::memcpy(out.data() + row * width, tensor.bytes.data() + static_cast<std::size_t>(order[row]) * width, width);
    return out;
}

} // namespace trilobit
