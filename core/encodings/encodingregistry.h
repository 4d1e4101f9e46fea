// EncodingRegistry: every encoding this program knows, by id and by GGUF type.
#pragma once

#include "core/encodings/encoding.h"

#include <memory>
#include <string_view>
#include <vector>

namespace trilobit {

class EncodingRegistry {
public:
    /// All encodings of core/encodings. Plugins may add more with add().
    static EncodingRegistry builtin();

    /// Errors: Plugin when the id is taken.
    Result<void> add(std::shared_ptr<const Encoding> encoding);

    /// By id, case-insensitive; families with parameters are made on demand ("affine-g64-b3": groups of 64, 3 bits;
    /// group 1..65536, bits 1..8). Errors: Usage, naming the ids that exist.
    Result<std::shared_ptr<const Encoding>> find(std::string_view id) const;
    /// By GGUF tensor type id; null when unknown. Where programs gave one number to several layouts: the commonest, or
    /// the one that was preferred.
    std::shared_ptr<const Encoding> findByGgmlType(int type) const;
    /// Everything that some program means by this number, the likeliest first.
    std::vector<std::shared_ptr<const Encoding>> everyGgmlType(int type) const;
    /// Lets `id` stand for its GGUF number from now on, whatever else has the same one. Errors: as find; Usage when GGUF
    /// has no number for it.
    Result<void> prefer(std::string_view id);
    bool isPreferred(const Encoding& encoding) const noexcept { return m_preferred.get() == &encoding; }
    /// The listed ones in the order a person should see them (families by their common members).
    const std::vector<std::shared_ptr<const Encoding>>& all() const { return m_encodings; }
    /// Layouts of other programs that are read and converted but not offered: found by id and by type all the same.
    const std::vector<std::shared_ptr<const Encoding>>& foreign() const { return m_foreign; }

private:
    std::vector<std::shared_ptr<const Encoding>> m_encodings, m_foreign;
    std::shared_ptr<const Encoding> m_preferred;
};

} // namespace trilobit
