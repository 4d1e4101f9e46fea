// Writes a Model as a Hugging Face folder: config.json, model.safetensors, tokenizer files.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"

#include <string>
#include <vector>

namespace trilobit {

/// How matrices of codes in groups are stored. Auto: ternary digits with one scale as BitNet packs them, others in the
/// first of GPTQ, AWQ and HQQ that holds them without loss.
enum class FolderLayout { Auto, Gptq, Awq, Hqq };

/// What such a folder cannot say of this model, one sentence each; empty when nothing in its shapes forbids it.
std::vector<std::string> hfFolderObstacles(const Model& model, FolderLayout layout = FolderLayout::Auto);

/// Makes `folder` if needed. Floats stay as they are; ternary matrices with one scale become packed uint8 with weight_scale
/// (linear class "autobitlinear", offline: the scale itself, in F32). Rows of q and k come back into halves. Byte-level BPE
/// vocabularies get a tokenizer.json. config.json is written last: a folder without it is no model. Errors: Unsupported with
/// the first obstacle; Usage when the folder holds a model already; Io, OutOfMemory, Cancelled.
Result<void> writeModelHf(const Model& model, const std::string& folder, RunControl& control,
                          FolderLayout layout = FolderLayout::Auto);

} // namespace trilobit
