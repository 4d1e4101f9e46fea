#include "core/encodings/encodingregistry.h"

#include "core/encodings/affine/affine.h"
#include "core/encodings/bf16/bf16.h"
#include "core/encodings/f16/f16.h"
#include "core/encodings/f32/f32.h"
#include "core/encodings/f64/f64.h"
#include "core/encodings/i2_s/i2_s.h"
#include "core/encodings/i2_s/i2_s_variants.h"
#include "core/encodings/iq/iq.h"
#include "core/encodings/iq1_bn/iq1_bn.h"
#include "core/encodings/iq2_bn/iq2_bn.h"
#include "core/encodings/iq2_bn_r4/iq2_bn_r4.h"
#include "core/encodings/iq4_nl/iq4_nl.h"
#include "core/encodings/iq4_xs/iq4_xs.h"
#include "core/encodings/mxfp4/mxfp4.h"
#include "core/encodings/nf4/nf4.h"
#include "core/encodings/q1_0/q1_0.h"
#include "core/encodings/q2_0/q2_0.h"
#include "core/encodings/q2_k/q2_k.h"
#include "core/encodings/q3_k/q3_k.h"
#include "core/encodings/q4_0/q4_0.h"
#include "core/encodings/q4_1/q4_1.h"
#include "core/encodings/q4_k/q4_k.h"
#include "core/encodings/q5_0/q5_0.h"
#include "core/encodings/q5_1/q5_1.h"
#include "core/encodings/q5_k/q5_k.h"
#include "core/encodings/q6_k/q6_k.h"
#include "core/encodings/q8_0/q8_0.h"
#include "core/encodings/tl/tl1.h"
#include "core/encodings/tl/tl2.h"
#include "core/encodings/tq1_0/tq1_0.h"
#include "core/encodings/tq2_0/tq2_0.h"

#include <algorithm>
#include <cctype>

namespace trilobit {

namespace {

bool sameId(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

} // namespace

EncodingRegistry EncodingRegistry::builtin() {
    EncodingRegistry registry;
    registry.m_encodings = {
        makeF32(),           makeF16(),           makeBf16(),          makeF64(),           makeQ8_0(),
        makeQ6_K(),          makeQ5_K(),          makeQ5_1(),          makeQ5_0(),          makeQ4_K(),
        makeQ4_1(),          makeQ4_0(),          makeIQ4_NL(),        makeIQ4_XS(),        makeMxfp4(),
        makeNf4(),           makeQ3_K(),          makeQ2_K(),          makeAffine({64, 8}), makeAffine({64, 4}),
        makeAffine({64, 3}), makeAffine({64, 2}), makeAffine({16, 2}), makeTq2_0(),         makeTq1_0(),
        makeI2_S(),          makeIq2_Bn(),        makeIq1_Bn(),        makeQ2_0(),          makeQ1_0()};
    registry.m_foreign = {makeQ2_0G128(), makeI2_SArm(), makeI2_SRows4(), makeTl1({}),   makeTl2({}),
                          makeIq2_BnR4(), makeIq3_S(),   makeIq3_Xxs(),   makeIq2_S(),   makeIq2_Xs(),
                          makeIq2_Xxs(),  makeIq1_M(),   makeIq1_S()};
    return registry;
}

Result<void> EncodingRegistry::add(std::shared_ptr<const Encoding> encoding) {
    if (!encoding || encoding->info().id.empty())
        return fail(ErrorCode::Plugin, "an encoding without an id cannot be added");
    if (find(encoding->info().id))
        return fail(ErrorCode::Plugin, "the encoding id \"" + encoding->info().id + "\" is taken");
    m_encodings.push_back(std::move(encoding));
    return {};
}

Result<std::shared_ptr<const Encoding>> EncodingRegistry::find(std::string_view id) const {
    for (const auto* list : {&m_encodings, &m_foreign})
        for (const auto& encoding : *list)
            if (sameId(encoding->info().id, id))
                return encoding;
    if (const auto shape = parseAffineId(id))
        return makeAffine(*shape);
    if (const auto tiles = parseTableLookupId(id, "TL1"))
        return makeTl1(tiles);
    if (const auto tiles = parseTableLookupId(id, "TL2"))
        return makeTl2(tiles);
    std::string known;
    for (const auto* list : {&m_encodings, &m_foreign})
        for (const auto& encoding : *list)
            known += (known.empty() ? "" : ", ") + encoding->info().id;
    return fail(ErrorCode::Usage, "there is no encoding \"" + std::string(id.substr(0, 80)) + "\"; there are " + known
                                      + ", affine-gG-bB with groups of 1 to 65536 and 1 to 8 bits, and TL1-M-K-B or "
                                        "TL2-M-K-B with the tile sizes of a bitnet.cpp build");
}

std::shared_ptr<const Encoding> EncodingRegistry::findByGgmlType(int type) const {
    if (type < 0)
        return nullptr;
    if (m_preferred && m_preferred->info().ggmlType == type)
        return m_preferred;
    for (const auto* list : {&m_encodings, &m_foreign})
        for (const auto& encoding : *list)
            if (encoding->info().ggmlType == type)
                return encoding;
    return nullptr;
}

std::vector<std::shared_ptr<const Encoding>> EncodingRegistry::everyGgmlType(int type) const {
    std::vector<std::shared_ptr<const Encoding>> found;
    if (const auto first = findByGgmlType(type))
        found.push_back(first);
    for (const auto* list : {&m_encodings, &m_foreign})
        for (const auto& encoding : *list)
            if (type >= 0 && encoding->info().ggmlType == type && encoding != found.front())
                found.push_back(encoding);
    return found;
}

Result<void> EncodingRegistry::prefer(std::string_view id) {
    TRILOBIT_TRY(std::shared_ptr<const Encoding> encoding, find(id));
    if (encoding->info().ggmlType < 0)
        return fail(ErrorCode::Usage, encoding->info().id + " has no type number in GGUF files");
    m_preferred = std::move(encoding);
    return {};
}

} // namespace trilobit
