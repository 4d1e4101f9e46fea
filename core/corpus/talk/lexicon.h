// The words and facts that the talks are made of.
#pragma once

#include <span>
#include <string_view>

namespace trilobit::talk {

struct Animal {
    std::string_view name, plural;
    std::string_view eats;  ///< "grass"
    std::string_view says;  ///< "moo"; empty: no sound that everybody knows
    std::string_view lives; ///< "on a farm"
    int legs;               ///< -1: not asked
    std::string_view baby;  ///< "calf"; empty: not asked
    std::string_view can, cannot; ///< verbs
};

struct Pair {
    std::string_view first, second;
};

/// Somebody's thing in a story: "ball" is "red" and lies "under a bush".
struct Thing {
    std::string_view name;
    std::string_view colour; ///< the colour everybody gives it; empty: many
};

std::span<const Animal> animals();
std::span<const std::string_view> girlNames();
std::span<const std::string_view> boyNames();
std::span<const std::string_view> petNames();
bool isPersonName(std::string_view lowerCaseWord);

std::span<const Pair> colouredThings();  ///< with the whole subject: {"the sky", "blue"}
std::span<const Pair> opposites();       ///< {"big", "small"}; both ways
std::span<const Pair> toolUses();        ///< {"cut paper", "scissors"}: what you need to ...
std::span<const Pair> bodyUses();        ///< {"see", "eyes"}
std::span<const Pair> places();          ///< {"buy bread", "at the bakery"}
std::span<const Pair> helpers();         ///< {"puts out fires", "firefighter"}
std::span<const Pair> kinds();           ///< {"rose", "flower"}
std::span<const std::string_view> days();
std::span<const std::string_view> months();
std::span<const std::string_view> seasons();
std::span<const Pair> seasonFacts();     ///< {"winter", "cold and snowy"}
std::span<const std::string_view> foods();    ///< that one likes; no article
std::span<const std::string_view> colours();
std::span<const std::string_view> hobbies();  ///< "drawing"
std::span<const std::string_view> countables(); ///< plural: "apples"
std::span<const std::string_view> toys();     ///< singular

} // namespace trilobit::talk
