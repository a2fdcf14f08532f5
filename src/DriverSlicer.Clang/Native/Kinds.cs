// SPDX-License-Identifier: GPL-2.0-only
namespace DriverSlicer.Clang.Native;

// Numbers of clang-c/Index.h, the same from 17 to 20; only those that this project looks at.

internal enum CursorKind
{
    UnexposedDecl = 1, StructDecl = 2, UnionDecl = 3, EnumDecl = 5, FieldDecl = 6, EnumConstantDecl = 7, FunctionDecl = 8, VarDecl = 9,
    ParmDecl = 10, TypedefDecl = 20, TypeRef = 43, MemberRef = 47, LabelRef = 48, InvalidFile = 70,
    UnexposedExpr = 100, DeclRefExpr = 101, MemberRefExpr = 102, CallExpr = 103, IntegerLiteral = 106, FloatingLiteral = 107,
    StringLiteral = 109, CharacterLiteral = 110, ParenExpr = 111, UnaryOperator = 112, ArraySubscriptExpr = 113, BinaryOperator = 114,
    CompoundAssignOperator = 115, ConditionalOperator = 116, CStyleCastExpr = 117, CompoundLiteralExpr = 118, InitListExpr = 119,
    AddrLabelExpr = 120, StmtExpr = 121, GenericSelectionExpr = 122, UnaryExpr = 136, LastExpr = 199,
    UnexposedStmt = 200, LabelStmt = 201, CompoundStmt = 202, CaseStmt = 203, DefaultStmt = 204, IfStmt = 205, SwitchStmt = 206,
    WhileStmt = 207, DoStmt = 208, ForStmt = 209, GotoStmt = 210, IndirectGotoStmt = 211, ContinueStmt = 212, BreakStmt = 213,
    ReturnStmt = 214, AsmStmt = 215, NullStmt = 230, DeclStmt = 231, LastStmt = 320,
}

internal enum TypeKind
{
    Invalid = 0, Void = 2, Bool = 3, CharU = 4, UChar = 5, UShort = 8, UInt = 9, ULong = 10, ULongLong = 11, UInt128 = 12,
    CharS = 13, SChar = 14, Short = 16, Int = 17, Long = 18, LongLong = 19, Int128 = 20, Float = 21, LongDouble = 23,
    Pointer = 101, Record = 105, Enum = 106, FunctionNoProto = 110, FunctionProto = 111, ConstantArray = 112, Vector = 113,
    IncompleteArray = 114, VariableArray = 115,
}

internal enum UnaryKind { None = 0, PostInc, PostDec, PreInc, PreDec, AddrOf, Deref, Plus, Minus, Not, LNot, Real, Imag, Extension }

internal enum BinaryKind
{
    None = 0, Mul = 3, Div, Rem, Add, Sub, Shl, Shr, Cmp, LT, GT, LE, GE, EQ, NE, And, Xor, Or, LAnd, LOr, Assign,
    MulAssign, DivAssign, RemAssign, AddAssign, SubAssign, ShlAssign, ShrAssign, AndAssign, XorAssign, OrAssign, Comma,
}

internal enum StorageClass { Invalid = 0, None, Extern, Static, PrivateExtern, OpenClWorkGroup, Auto, Register }
