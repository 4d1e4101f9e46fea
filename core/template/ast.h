// The parsed form of a template: statements that hold expressions. Both trees are of bounded depth.
#pragma once

#include "core/template/value.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace trilobit::tmpl {

struct Position {
    std::uint32_t line = 1, column = 1; ///< from 1; columns count bytes
};

enum class Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn
};

enum class ExprKind {
    Constant,    ///< constant
    Name,        ///< text
    List,        ///< children
    Tuple,       ///< children
    Dict,        ///< children: key, value, key, value, ...
    Attribute,   ///< children[0] . text
    Subscript,   ///< children[0] [ children[1] ]
    Slice,       ///< children[0] [ children[1] : children[2] : children[3] ], any of the last three null
    Call,        ///< children[0] ( children[1..], named )
    Filter,      ///< children[0] | text ( children[1..], named ); children[0] null inside a filter block
    Test,        ///< children[0] is text ( children[1..] )
    Not,         ///< children[0]
    Negate,      ///< children[0]
    Arithmetic,  ///< children[0] operators[0] children[1] operators[1] ..., from left to right
    Concat,      ///< children joined as text
    And,         ///< children
    Or,          ///< children
    Compare,     ///< children[0] operators[0] children[1] and children[1] operators[1] children[2] ...
    Conditional, ///< children[0] if children[1] else children[2] (may be null)
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Expr {
    ExprKind kind = ExprKind::Constant;
    Position at;
    int depth = 1; ///< of the tree below, this node included
    std::string text;
    Value constant;
    std::vector<ExprPtr> children;
    std::vector<Operator> operators;
    std::vector<std::pair<std::string, ExprPtr>> named;
};

enum class StatementKind {
    Text,        ///< text
    Output,      ///< value
    If,          ///< conditions[i] -> blocks[i]; one more block is the else
    For,         ///< names in value [if conditions[0]]: blocks[0], else blocks[1]
    Set,         ///< names = value, or names[0].attribute = value
    SetBlock,    ///< names[0] = blocks[0], through `value` (a filter chain) when there is one
    Macro,       ///< text ( names, defaults ): blocks[0]
    CallBlock,   ///< value is a call; blocks[0] is its caller ( names, defaults )
    FilterBlock, ///< value is a filter chain over blocks[0]
    With,        ///< names[i] = conditions[i] in blocks[0]
    Break,
    Continue,
};

using Block = std::vector<Statement>;

struct Statement {
    StatementKind kind = StatementKind::Text;
    Position at;
    std::string text;
    std::string attribute;
    std::vector<std::string> names;
    bool unpack = false; ///< names came from "a, b" or "a,"
    ExprPtr value;
    std::vector<ExprPtr> conditions;
    std::vector<ExprPtr> defaults; ///< of the last names
    std::vector<Block> blocks;
};

} // namespace trilobit::tmpl
