#include "plugins/hqq/hqqplugin.h"

#include "plugins/hqq/hqqmethod.h"

namespace trilobit::plugins {

std::vector<std::shared_ptr<const Method>> HqqPlugin::methods() const { return {std::make_shared<HqqMethod>()}; }

} // namespace trilobit::plugins
