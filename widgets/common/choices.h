// Choices: what a method or an encoding means for a tensor, before anything is computed.
#pragma once

#include "core/model/model.h"
#include "core/quant/quantizer.h"
#include "core/quant/recipe.h"

#include <QString>

#include <vector>

namespace trilobit {

/// The method a person most likely means for this encoding: absmean for ternary codes, else round-to-nearest, else the
/// first that accepts it. Empty when no method is loaded.
std::string usualMethod(const Encoding& encoding, const Tensor& tensor, const QuantServices& services);

/// `before` with another encoding ("" keeps the tensor). The method stays when there was one, even if it refuses: the
/// window then shows the reason instead of changing what was chosen.
Choice withEncoding(const Choice& before, const std::string& encoding, const Tensor& tensor,
                    const QuantServices& services);
/// `before` with another method ("" keeps the tensor). A tensor that was kept gets the first usual encoding that fits.
Choice withMethod(const Choice& before, const std::string& method, const Tensor& tensor, const QuantServices& services);

/// Why this choice cannot be done on this tensor, or empty.
QString refusal(const Choice& choice, const Tensor& tensor, const QuantServices& services);
/// Why the encoding cannot store rows of this tensor, so that another one will take its place; or empty.
QString shapeObstacle(const std::string& encoding, const Tensor& tensor, const QuantServices& services);

/// "Half-quadratic quantization" or the id when the method is not loaded.
QString methodTitle(const std::string& id, const QuantServices& services);

} // namespace trilobit
