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

/// <summary>
/// Every message of DuckDB begins with its kind (<c>Binder Error: …</c>). The C API has a code for it too, but not where a prepare or a
/// pending result failed. No statement can put a text of its own in front: <c>error('FATAL Error: x')</c> is an <c>Invalid Input Error: …</c>.
/// </summary>
internal static class DuckErrorKinds
{
    private static readonly (string Prefix, DuckErrorKind Kind)[] Prefixes =
    [
        ("Parser Error", DuckErrorKind.Parser),
        ("Syntax Error", DuckErrorKind.Parser),
        ("Binder Error", DuckErrorKind.Binder),
        ("Catalog Error", DuckErrorKind.Catalog),
        ("Conversion Error", DuckErrorKind.Conversion),
        ("Out of Range Error", DuckErrorKind.OutOfRange),
        ("Invalid Input Error", DuckErrorKind.InvalidInput),
        ("Not implemented Error", DuckErrorKind.NotImplemented),
        ("Constraint Error", DuckErrorKind.Constraint),
        ("Permission Error", DuckErrorKind.Permission),
        ("IO Error", DuckErrorKind.Io),
        ("Out of Memory Error", DuckErrorKind.OutOfMemory),
        ("TransactionContext Error", DuckErrorKind.Transaction),
        ("INTERRUPT Error", DuckErrorKind.Interrupt),
        ("FATAL Error", DuckErrorKind.Fatal),
        ("INTERNAL Error", DuckErrorKind.Internal),
    ];

    public static DuckErrorKind Of(string message)
    {
        foreach (var (prefix, kind) in Prefixes)
        {
            if (message.StartsWith(prefix, StringComparison.Ordinal))
                return kind;
        }

        return DuckErrorKind.Other;
    }
}
