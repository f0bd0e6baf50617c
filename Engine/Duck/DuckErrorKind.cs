namespace Rat.Engine.Duck;

/// <summary>What kind of error DuckDB reported, as far as callers tell them apart.</summary>
internal enum DuckErrorKind
{
    Other,
    Parser,
    Binder,
    Catalog,
    Conversion,
    OutOfRange,
    InvalidInput,
    NotImplemented,
    Constraint,
    Permission,
    Io,
    OutOfMemory,
    Transaction,
    Interrupt,
    Fatal,
    Internal,
}
