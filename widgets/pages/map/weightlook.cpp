#include "widgets/pages/map/weightlook.h"

#include <algorithm>

namespace trilobit {

namespace {

/// Decoded rows [first, last] of a tensor, by element number.
class Rows {
public:
    Rows(const Tensor& tensor, std::int64_t first, std::int64_t last) : m_cols(tensor.cols), m_first(first) {
        m_values.resize(static_cast<std::size_t>((last - first + 1) * m_cols));
        tensor.encoding->decodeRows(tensor.bytes, tensor.rows, m_cols, first, last - first + 1, m_values.data());
    }
    double at(std::int64_t element) const {
        return static_cast<double>(m_values[static_cast<std::size_t>(element - m_first * m_cols)]);
    }

private:
    std::int64_t m_cols, m_first;
    std::vector<float> m_values;
};

} // namespace

Result<WeightLook> lookAtWeight(const Tensor& source, const Tensor& tensor, std::int64_t row, std::int64_t col) {
    WeightLook out;
    TRILOBIT_TRY(out.weight, weightAt(*tensor.encoding, tensor.bytes, tensor.rows, tensor.cols, row, col));
    out.encoding = tensor.encoding->info().id;
    out.row = row;
    out.col = col;
    out.fileOffset = tensor.fileOffset;

    std::uint64_t begin = out.weight.blockByte, count = out.weight.blockBytes;
    if (count > kMaxLookBytes) { // the part with the code in it
        std::uint64_t middle = begin;
        for (const StoredField& field : out.weight.fields)
            if (field.role == FieldRole::Code && !field.bits.empty())
                middle = field.bits.front().byte;
        const std::uint64_t last = begin + count - kMaxLookBytes;
        begin = std::clamp(middle > kMaxLookBytes / 2 ? middle - kMaxLookBytes / 2 : 0, begin, last);
        count = kMaxLookBytes;
    }
    out.shownFrom = begin;
    const auto bytes = tensor.bytes.subspan(begin, count);
    out.bytes.assign(bytes.begin(), bytes.end());

    // Single floats have no block: their neighbours are those beside them.
    const std::int64_t element = row * tensor.cols + col;
    std::int64_t first = out.weight.firstElement, elements = out.weight.blockElements;
    if (elements <= 1) {
        first = row * tensor.cols + std::clamp<std::int64_t>(col - 16, 0, std::max<std::int64_t>(0, tensor.cols - 33));
        elements = std::min<std::int64_t>(33, tensor.cols);
    } else if (elements > kMaxNeighbours) {
        first = std::clamp(element - kMaxNeighbours / 2, first, first + elements - kMaxNeighbours);
        elements = kMaxNeighbours;
    }
    const std::int64_t firstRow = first / tensor.cols, lastRow = (first + elements - 1) / tensor.cols;
    const Rows originals(source, firstRow, lastRow), stored(tensor, firstRow, lastRow);
    for (std::int64_t e = first; e < first + elements; ++e) {
        NeighbourWeight neighbour{e / tensor.cols, e % tensor.cols, {}, originals.at(e), stored.at(e)};
        TRILOBIT_TRY(const StoredWeight one,
                     weightAt(*tensor.encoding, tensor.bytes, tensor.rows, tensor.cols, neighbour.row, neighbour.col));
        neighbour.code = one.code;
        if (e == element)
            out.self = out.block.size();
        out.block.push_back(neighbour);
    }
    out.original = out.block[out.self].original;
    return out;
}

} // namespace trilobit
