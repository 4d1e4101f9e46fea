#include "plugins/absmean/absmeanplugin.h"

#include "plugins/absmean/absmeanmethod.h"

namespace trilobit::plugins {

std::vector<std::shared_ptr<const Method>> AbsmeanPlugin::methods() const { return {std::make_shared<AbsmeanMethod>()}; }

} // namespace trilobit::plugins
