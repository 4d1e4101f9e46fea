// How a Hugging Face folder holds matrices of groups: the tensors of GPTQ, AWQ and HQQ, used inside core/model only.
#pragma once

#include "core/base/json.h"
#include "core/model/hfwriter.h"
#include "core/model/model.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace trilobit {

/// A tensor beside the others of a matrix; `name` is what follows the module's name.
struct SideTensor {
    std::string name, dtype;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;
};

/// One layout, for the shape that the matrices of one model have.
class GroupLayout {
public:
    virtual ~GroupLayout() = default;
    /// Every code, scale and zero as it is. `codes` count from 0. Errors: Unsupported with what the layout cannot hold.
    virtual Result<std::vector<SideTensor>> pack(const GroupCodes& codes) const = 0;
    /// "quantization_config" of config.json.
    virtual Json config() const = 0;
};

/// The matrices of blocks whose weights are codes in groups along rows.
bool isGrouped(const Tensor& tensor);

/// Layouts that suit the shapes of all grouped matrices of `model`, best first: the one that was asked for, or with Auto
/// each in turn. What depends on values shows in pack. Errors: Unsupported, naming the tensor and what the layout needs.
Result<std::vector<std::unique_ptr<const GroupLayout>>> groupLayouts(const Model& model, FolderLayout wanted);

} // namespace trilobit
