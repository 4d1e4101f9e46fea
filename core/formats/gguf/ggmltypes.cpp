#include "core/formats/gguf/ggmltypes.h"

#include <algorithm>
#include <array>

namespace trilobit {

namespace {

constexpr const char* kMainline = "";
constexpr const char* kBitnetCpp = "bitnet.cpp";
constexpr const char* kIk = "ik_llama.cpp";
constexpr const char* kRetired = "an early llama.cpp, since withdrawn";

struct TypeName {
    int type;
    const char* name;
    const char* program;
};

constexpr std::array<TypeName, 82> kNames{{
    {0, "F32", kMainline},        {1, "F16", kMainline},        {2, "Q4_0", kMainline},
    {3, "Q4_1", kMainline},       {4, "Q4_2", kRetired},        {5, "Q4_3", kRetired},
    {6, "Q5_0", kMainline},       {7, "Q5_1", kMainline},       {8, "Q8_0", kMainline},
    {9, "Q8_1", kMainline},       {10, "Q2_K", kMainline},      {11, "Q3_K", kMainline},
    {12, "Q4_K", kMainline},      {13, "Q5_K", kMainline},      {14, "Q6_K", kMainline},
    {15, "Q8_K", kMainline},      {16, "IQ2_XXS", kMainline},   {17, "IQ2_XS", kMainline},
    {18, "IQ3_XXS", kMainline},   {19, "IQ1_S", kMainline},     {20, "IQ4_NL", kMainline},
    {21, "IQ3_S", kMainline},     {22, "IQ2_S", kMainline},     {23, "IQ4_XS", kMainline},
    {24, "I8", kMainline},        {25, "I16", kMainline},       {26, "I32", kMainline},
    {27, "I64", kMainline},       {28, "F64", kMainline},       {29, "IQ1_M", kMainline},
    {30, "BF16", kMainline},      {31, "Q4_0_4_4", kRetired},   {32, "Q4_0_4_8", kRetired},
    {33, "Q4_0_8_8", kRetired},   {34, "TQ1_0", kMainline},     {35, "TQ2_0", kMainline},
    {36, "I2_S", kBitnetCpp},     {37, "I8_S", kBitnetCpp},     {38, "TL1", kBitnetCpp},
    {39, "MXFP4", kMainline},     {40, "NVFP4", kMainline},     {41, "Q1_0", kMainline},
    {42, "Q2_0", kMainline},      {133, "Q6_0", kIk},           {134, "IQ1_BN", kIk},
    {135, "IQ2_BN", kIk},         {136, "Q8_K64", kIk},         {137, "IQ2_K", kIk},
    {138, "IQ3_K", kIk},          {139, "IQ4_K", kIk},          {140, "IQ5_K", kIk},
    {141, "IQ6_K", kIk},          {144, "IQ4_KS", kIk},         {145, "IQ2_KS", kIk},
    {146, "IQ4_KSS", kIk},        {152, "IQ5_KS", kIk},         {153, "IQ2_KT", kIk},
    {154, "IQ3_KT", kIk},         {155, "IQ4_KT", kIk},         {156, "IQ3_KS", kIk},
    {157, "IQ2_KL", kIk},         {158, "IQ1_KT", kIk},         {202, "Q4_0_R8", kIk},
    {206, "Q5_0_R4", kIk},        {208, "Q8_0_R8", kIk},        {210, "Q2_K_R4", kIk},
    {211, "Q3_K_R4", kIk},        {212, "Q4_K_R4", kIk},        {213, "Q5_K_R4", kIk},
    {214, "Q6_K_R4", kIk},        {216, "IQ2_XXS_R4", kIk},     {217, "IQ2_XS_R4", kIk},
    {218, "IQ3_XXS_R4", kIk},     {219, "IQ1_S_R4", kIk},       {220, "IQ4_NL_R4", kIk},
    {221, "IQ3_S_R4", kIk},       {222, "IQ2_S_R4", kIk},       {223, "IQ4_XS_R8", kIk},
    {229, "IQ1_M_R4", kIk},       {230, "BF16_R16", kIk},       {335, "IQ2_BN_R4", kIk},
    {399, "Q8_K_R8", kIk},
}};

} // namespace

std::string ggmlTypeText(int type) {
    const auto it = std::find_if(kNames.begin(), kNames.end(), [&](const TypeName& entry) { return entry.type == type; });
    if (it == kNames.end())
        return "type " + std::to_string(type);
    const std::string program = it->program;
    return std::string(it->name) + " (type " + std::to_string(type) + (program.empty() ? "" : " of " + program) + ")";
}

} // namespace trilobit
