#include "core/formats/gguf/ggmltypes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace trilobit {

namespace {

constexpr std::array<std::pair<int, const char*>, 40> kNames{{
    {0, "F32"},      {1, "F16"},     {2, "Q4_0"},     {3, "Q4_1"},     {6, "Q5_0"},     {7, "Q5_1"},   {8, "Q8_0"},
    {9, "Q8_1"},     {10, "Q2_K"},   {11, "Q3_K"},    {12, "Q4_K"},    {13, "Q5_K"},    {14, "Q6_K"},  {15, "Q8_K"},
    {16, "IQ2_XXS"}, {17, "IQ2_XS"}, {18, "IQ3_XXS"}, {19, "IQ1_S"},   {20, "IQ4_NL"},  {21, "IQ3_S"}, {22, "IQ2_S"},
    {23, "IQ4_XS"},  {24, "I8"},     {25, "I16"},     {26, "I32"},     {27, "I64"},     {28, "F64"},   {29, "IQ1_M"},
    {30, "BF16"},    {34, "TQ1_0"},  {35, "TQ2_0"},   {36, "I2_S"},    {37, "I8_S"},    {38, "TL1"},   {39, "MXFP4"},
    {40, "NVFP4"},   {41, "Q1_0"},   {42, "Q2_0"},    {134, "IQ1_BN"}, {135, "IQ2_BN"},
}};

} // namespace

std::string ggmlTypeText(int type) {
    const auto it = std::find_if(kNames.begin(), kNames.end(), [&](const auto& entry) { return entry.first == type; });
    if (it == kNames.end())
        return "type " + std::to_string(type);
    return std::string(it->second) + " (type " + std::to_string(type) + ")";
}

} // namespace trilobit
