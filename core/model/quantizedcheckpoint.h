// QuantizedCheckpoint: which tensors of a Hugging Face folder are the packed matrices of GPTQ, AWQ or HQQ, and what
// belongs to each.
#pragma once

#include "core/base/json.h"
#include "core/encodings/encoding.h"
#include "core/formats/safetensors/safetensorsreader.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace trilobit {

class QuantizedCheckpoint {
public:
    /// Nothing is packed when `hfConfig` names none of the three methods. `files` must outlive this. Errors: Unsupported
    /// for variants that are not read, naming the field of quantization_config.
    static Result<QuantizedCheckpoint> read(const Json& hfConfig, const SafetensorsFile& files);

    /// "gptq", "awq", "hqq", or empty.
    const std::string& method() const noexcept { return m_method; }
    /// Scales, zeros, orders and settings of a packed matrix.
    bool isSideTensor(std::string_view name) const;
    /// The codes of a packed matrix.
    bool isMatrix(std::string_view name) const;
    /// "model.layers.0.mlp.up_proj.qweight": the name of the matrix that it stands for, ending in ".weight".
    static std::string weightName(std::string_view name);

    struct Matrix {
        std::shared_ptr<const Encoding> encoding;
        std::int64_t rows = 0, cols = 0; ///< outputs, inputs
    };
    /// `codes` is one that isMatrix. Errors: Format, Unsupported, naming the tensor.
    Result<Matrix> matrix(const SafetensorsTensor& codes) const;

private:
    const SafetensorsTensor* part(std::string_view stem, const char* name) const;
    Result<const SafetensorsTensor*> neededPart(std::string_view stem, const char* name) const;
    Result<double> number(std::string_view stem, const char* name, double fallback) const;
    Result<Matrix> gptqOrAwq(const SafetensorsTensor& codes, std::string_view stem) const;
    Result<Matrix> hqq(const SafetensorsTensor& codes, std::string_view stem) const;

    std::string m_method;
    int m_bits = 4;
    std::int64_t m_groupSize = -1; ///< -1: a whole row
    int m_zeroOffset = 0;          ///< what GPTQ's stored zeros lack
    std::map<std::string_view, const SafetensorsTensor*> m_tensors;
};

} // namespace trilobit
