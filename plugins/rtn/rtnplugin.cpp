#include "plugins/rtn/rtnplugin.h"

#include "plugins/rtn/rtnmethod.h"

namespace trilobit::plugins {

std::vector<std::shared_ptr<const Method>> RtnPlugin::methods() const { return {std::make_shared<RtnMethod>()}; }

} // namespace trilobit::plugins
