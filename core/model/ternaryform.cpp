#include "core/model/ternaryform.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

constexpr std::int64_t kMaxRows = 3; // each costs a page or more of a file that may not be in memory

/// Forms of bitnet.cpp that no size and no number tells apart.
constexpr const char* kI2sNames[] = {"I2_S", "I2_S_ARM", "I2_S_ROWS4"};

struct Seen {
    float min = 0, max = 0; ///< of the magnitudes of scales that stand for any weight at all
    void add(float scale) {
        if (scale == 0)
            return;
        min = min == 0 ? scale : std::min(min, scale);
        max = std::max(max, scale);
    }
};

/// Whether a row holds nothing but -s, 0 and s.
bool rowIsTernary(const std::vector<float>& row, float& scale) {
    scale = 0;
    for (const float w : row) {
        const float magnitude = std::fabs(w);
        if (magnitude == 0)
            continue;
        if (!std::isfinite(w) || (scale != 0 && magnitude != scale))
            return false;
        scale = magnitude;
    }
    return true;
}

/// -d, 0, d and 2 d are codes 0 to 3: only what the rows use says whether it is ternary.
bool isTernaryGrid(const Grid& grid) {
    return grid.kind == GridKind::Linear && !grid.freeZero && grid.fixedZero == 1 && grid.levels() >= 3 && grid.levels() <= 4;
}

} // namespace

std::string programOf(const EncodingInfo& info) {
    const std::string& id = info.id;
    if (id == "hf-bitnet" || id == "NF4" || id.starts_with("GPTQ") || id.starts_with("AWQ") || id.starts_with("HQQ"))
        return "Hugging Face transformers";
    if (id.starts_with("I2_S") || id.starts_with("TL1") || id.starts_with("TL2"))
        return "bitnet.cpp";
    if (id.starts_with("IQ1_BN") || id.starts_with("IQ2_BN"))
        return "ik_llama.cpp";
    if (id == "Q2_0_G128")
        return "the PrismML fork of llama.cpp";
    if (info.grid.kind == GridKind::Float)
        return {};
    return info.ggmlType >= 0 ? "llama.cpp" : "Trilobit";
}

std::optional<TernaryForm> ternaryForm(const Tensor& tensor) {
    const EncodingInfo& info = tensor.encoding->info();
    const bool floats = info.grid.kind == GridKind::Float;
    if (tensor.dimensions != 2 || tensor.count() == 0 || (!floats && !isTernaryGrid(info.grid)))
        return std::nullopt;
    TernaryForm form;
    form.program = programOf(info);
    form.groupSize = info.grid.groupSize;
    const std::int64_t rows = std::min(tensor.rows, kMaxRows);
    form.sampled = rows < tensor.rows;
    const std::int64_t group = form.groupSize > 0 && !floats ? form.groupSize : tensor.cols;
    Seen seen;
    std::vector<float> row(static_cast<std::size_t>(tensor.cols));
    for (std::int64_t i = 0; i < rows; ++i) {
        const std::int64_t at = rows < 2 ? 0 : i * (tensor.rows - 1) / (rows - 1);
        tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, at, 1, row.data());
        if (floats) {
            float scale = 0;
            if (!rowIsTernary(row, scale))
                return std::nullopt;
            seen.add(scale);
            continue;
        }
        for (std::int64_t begin = 0; begin < tensor.cols; begin += group) {
            const auto first = row.begin() + begin, last = row.begin() + std::min(begin + group, tensor.cols);
            float scale = 0;
            if (!rowIsTernary({first, last}, scale))
                return std::nullopt; // twice the scale is in use
            seen.add(scale);
        }
    }
    if (floats) {
        if (seen.max == 0)
            return std::nullopt; // nothing but zeros says nothing
        form.groupSize = seen.min == seen.max ? kGroupIsTensor : kGroupIsRow;
    }
    form.scaleMin = seen.min;
    form.scaleMax = seen.max;
    if (info.id.starts_with("I2_S"))
        for (const char* name : kI2sNames)
            if (info.id != name)
                form.alsoCalled += (form.alsoCalled.empty() ? "" : ", ") + std::string(name);
    return form;
}

} // namespace trilobit
