// MethodRegistry: the methods at hand, whoever brought them.
#pragma once

#include "core/base/result.h"
#include "core/pluginapi/method.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

class MethodRegistry {
public:
    /// `revision` changes whenever the method may choose other values than before (version and checksum of its library);
    /// empty for one that comes with the program. Errors: Plugin when the id is taken.
    Result<void> add(std::shared_ptr<const Method> method, std::string revision = {});
    /// Errors: Usage, naming the ids that exist.
    Result<std::shared_ptr<const Method>> find(std::string_view id) const;
    const std::vector<std::shared_ptr<const Method>>& all() const { return m_methods; }
    /// As given to add(); empty for an unknown id, too.
    std::string revision(std::string_view id) const;

private:
    std::vector<std::shared_ptr<const Method>> m_methods;
    std::vector<std::string> m_revisions; ///< one per method
};

/// Checks keys, types and ranges against the method's specs. Errors: Usage naming the key and the allowed range.
Result<void> checkParams(const ParamValues& values, const MethodInfo& info);

} // namespace trilobit
