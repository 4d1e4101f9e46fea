// Matrices of GPTQ, AWQ and HQQ checkpoints: codes in one tensor, scales and zeros in others beside it.
#pragma once

#include "core/encodings/encoding.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace trilobit {

/// How the codes of one matrix [rows = outputs, cols = inputs] lie in the words of a checkpoint.
enum class CheckpointPacking {
    Gptq, ///< i32 [cols * bits / 32, rows]: each output's codes as a stream of bits down a column, lowest first
    Awq,  ///< i32 [cols, rows / 8], 4 bits: from the lowest bits up the outputs 0, 2, 4, 6, 1, 3, 5, 7
    Hqq,  ///< groups as rows (axis 1) or columns (axis 0) of a matrix whose row blocks share words, see HqqLayout
};

/// A matrix of groups: the weights in row order, reshaped to [blocks, group] (axis 1) or [group, blocks] (axis 0).
/// 8 bits: a byte each; 4, 2, 1 bits: a byte holds rows r, r + n, r + 2 n, ... from the highest bits down, n being the
/// packed rows; 3 bits: ten to a 32-bit word, the first at bits 29 to 27.
struct HqqLayout {
    int axis = 1;
};

/// Everything beside the codes, copied out of the checkpoint.
struct PackedMatrix {
    CheckpointPacking packing = CheckpointPacking::Gptq;
    HqqLayout hqq;
    int bits = 4;
    std::int64_t rows = 0, cols = 0;
    std::int64_t groupSize = 0;          ///< inputs that share a scale; > 0
    std::vector<float> scale, zero;      ///< Gptq, Awq: [groups, rows]; Hqq: one per group
    std::vector<std::int32_t> groupOf;   ///< Gptq: the group of each input, when they are not in order; else empty
    bool halfParameters = false;         ///< every scale and zero is a binary16 number
};

/// w = scale * (code - zero), computed in float32, as the libraries' own reference does it. The encoding belongs to this
/// one matrix: sizeBytes accepts its shape only. encode() and pack() refuse: the parameters live elsewhere. unpack() gives
/// the codes where groups run along rows in order. Ids: "GPTQ-g128-b4", "AWQ-g128-b4", "HQQ-g64-b4", with "-act" behind
/// those whose groups are not in order.
/// Errors: Format when the sizes of `matrix` do not belong together.
Result<std::shared_ptr<const Encoding>> makePackedMatrix(PackedMatrix matrix);

/// Codes that share a whole tensor's shape as GPTQ stores them. `codes`: groups of one size along rows, all zeros whole
/// numbers from 1 to 2^bits - 1, all scales binary16 numbers. Errors: Unsupported, naming what does not fit.
struct GptqTensors {
    std::vector<std::uint32_t> qweight; ///< [cols * bits / 32, rows]
    std::vector<std::uint32_t> qzeros;  ///< [groups, rows * bits / 32]; zero - 1 is stored
    std::vector<std::uint16_t> scales;  ///< binary16 [groups, rows]
    std::vector<std::int32_t> groupOf;  ///< [cols]
};
Result<GptqTensors> packGptq(const GroupCodes& codes, int bits, std::int64_t groupSize);

/// The same as AWQ's GEMM kernels store them: 4 bits, zeros from 0 to 15. Errors: as above.
struct AwqTensors {
    std::vector<std::uint32_t> qweight; ///< [cols, rows / 8]
    std::vector<std::uint32_t> qzeros;  ///< [groups, rows / 8]
    std::vector<std::uint16_t> scales;  ///< binary16 [groups, rows]
};
Result<AwqTensors> packAwq(const GroupCodes& codes, std::int64_t groupSize);

/// The same as HQQ stores them along axis 1: 1, 2, 3, 4 or 8 bits, zeros and scales any numbers; each group of `codes` is
/// one. Errors: as above.
struct HqqTensors {
    std::int64_t height = 0, width = 0; ///< of the packed matrix; the width is the group size
    std::size_t groups = 0;
    std::vector<std::byte> codes;                   ///< u8 [height, width], for 3 bits i32
    std::vector<float> scale, zero;                 ///< one per group
    std::vector<std::uint16_t> halfScale, halfZero; ///< the same in binary16 when that holds every one of them; else empty
};
Result<HqqTensors> packHqq(const GroupCodes& codes, int bits);

} // namespace trilobit
