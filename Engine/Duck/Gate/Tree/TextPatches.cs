using System.Text;
using System.Text.Json;
using Rat.Engine.Duck.Gate.Names;
using Rat.Engine.Duck.Gate.Readers;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>
/// Turns what the tree says of a place into a change of the text there. The tokens at the place must be what the tree holds; the changed text is
/// parsed and walked again, so that a change in a wrong place could refuse a statement, but never let one through.
/// </summary>
internal sealed class TextPatches(SqlText text, HandedOutFiles files)
{
    public TextEdits Edits { get; } = new();

    /// <summary>Writes a table by its full name, unless it is. A message when the tokens don't fit.</summary>
    public string? TryName(JsonElement node, TableReference reference, string sql)
    {
        if (FindName(node, reference) is not { } name)
            return $"write the table {reference} as {sql}";
        var (start, end) = (text.Tokens[name.First].Start, text.Tokens[name.Last].End);
        if (!text.Bytes.AsSpan(start, end - start).SequenceEqual(Encoding.UTF8.GetBytes(sql)))
            Edits.Replace(start, end - start, sql);
        return null;
    }

    /// <summary>Writes <c>name [AS alias] AT (…)</c> as <c>view AS alias</c>. A message when the tokens don't fit.</summary>
    public string? TryPast(JsonElement node, TableReference reference, string sql)
    {
        var alias = node.GetProperty("alias"u8).GetString() ?? "";
        if (FindName(node, reference) is not { } name || FindAt(name.Last + 1, alias) is not { } at)
            return $"write the table {reference} as {reference} AS a AT (…)";
        var start = text.Tokens[name.First].Start;
        var named = alias.Length > 0 ? sql : $"{sql} AS {DuckQuote.Identifier(reference.Name)}";
        Edits.Replace(start, text.Tokens[name.Last].End - start, named);
        Edits.Replace(text.Tokens[at.Word].Start, text.Tokens[at.Close].End - text.Tokens[at.Word].Start, "");
        return null;
    }

    private (int First, int Last)? FindName(JsonElement node, TableReference reference)
    {
        var parts = reference.Parts.ToList();
        var first = text.IndexAt(node.GetProperty("query_location"u8).GetUInt64());
        var last = first + ((parts.Count - 1) * 2);
        for (var i = 0; i < parts.Count; i++)
        {
            var at = first + (i * 2);
            if ((text.NameAt(at) ?? text.LiteralAt(at)) != parts[i] || (at > first && !text.IsSymbol(at - 1, '.')))
                return null;
        }

        return (first, last);
    }

    // [AS] alias [(column, …)] AT ( … )
    private (int Word, int Close)? FindAt(int index, string alias)
    {
        // alias: name AT (…) has the alias in front.
        if (alias.Length > 0 && !(text.IsWord(index, "at"u8) && text.IsSymbol(index + 1, '(')))
        {
            if (text.IsWord(index, "as"u8))
                index++;
            if ((text.NameAt(index) ?? text.LiteralAt(index)) != alias)
                return null;
            index++;
            if (text.IsSymbol(index, '('))
                index = text.ClosingOf(index) + 1;
        }

        return text.IsWord(index, "at"u8) && text.IsSymbol(index + 1, '(') && text.ClosingOf(index + 1) is var close and > 0 ? (index, close) : null;
    }

    /// <summary>
    /// Writes a reader of landing addresses as <c>(SELECT * FROM reader(['path', …], …)) AS reader</c>. Inside of the brackets stays what
    /// shows a path: the hidden column <c>filename</c>; the one that was asked for holds addresses.
    /// </summary>
    public Failure? TryRead(JsonElement node, ReaderCall call, GateScope scope)
    {
        var reader = call.Reader.Name;
        if (!node.GetProperty("with_ordinality"u8).ValueEquals("WITHOUT_ORDINALITY"u8))
            return Failure.Invalid($"WITH ORDINALITY is not allowed behind {reader}: use row_number() OVER ()");
        var matched = Match(call, scope, out var bucket);
        if (!matched.Succeeded)
            return matched.Failure;
        if (Find(node, call) is not { } place)
            return Failure.Invalid($"write the address in {reader} as a plain literal '…', or as a list [ '…', '…' ] of them");

        var root = HandedOutFiles.RootOf(matched.Value);
        if (root is null && call.FileNameColumn is not null)
            return Failure.Invalid($"the option filename of {reader} is not available for these files");
        var paths = matched.Value.Select(file => DuckQuote.Literal(files.Add(file)));
        // A folder of this machine that is named a=b must not become a column.
        var noHive = !call.HasHiveOption && root?.Contains('=', StringComparison.Ordinal) != false ? ", hive_partitioning = false" : "";

        Edits.Insert(text.Tokens[place.Call].Start, $"(SELECT *{ReplaceFileName(call, bucket, root)} FROM ");
        var argument = text.Tokens[place.FirstArgument].Start;
        Edits.Replace(argument, text.Tokens[place.LastArgument].End - argument, $"[{string.Join(", ", paths)}]{noHive}");
        var alias = node.GetProperty("alias"u8).ValueEquals(""u8) ? $" AS {reader}" : "";
        Edits.Insert(text.Tokens[place.Close].End, ")" + alias);
        return null;
    }

    private static Outcome<List<LandingMatch>> Match(ReaderCall call, GateScope scope, out string bucket)
    {
        bucket = "";
        var matched = new List<LandingMatch>();
        foreach (var path in call.Paths)
        {
            if (LandingAddress.Parse(path, scope.Buckets) is not { } address)
            {
                return Failure.Invalid($"{GateMessages.FileFunction}: {call.Reader.Name} reads landing files only, by an address such as "
                    + $"s3://{scope.Buckets[0]}/{scope.Namespace}/landing/zone/file.csv");
            }

            bucket = address.Bucket;
            var found = scope.Landing.Match(address.KeyPattern);
            if (found.Count == 0)
                return Failure.Invalid($"{GateMessages.NoLandingFiles}: {path}");
            matched.AddRange(found);
        }

        return matched;
    }

    private static string ReplaceFileName(ReaderCall call, string bucket, string? root)
    {
        if (call.FileNameColumn is not { } name)
            return "";
        var column = DuckQuote.Identifier(name);
        var skipped = root!.EnumerateRunes().Count() + 1;
        return $" REPLACE (concat({DuckQuote.Literal($"s3://{bucket}/")}, substr({column}, {skipped})) AS {column})";
    }

    // [schema.]reader ( 'address' …  or  [schema.]reader ( [ 'address', … ] …
    private (int Call, int FirstArgument, int LastArgument, int Close)? Find(JsonElement node, ReaderCall call)
    {
        var first = text.IndexAt(node.GetProperty("query_location"u8).GetUInt64());
        var open = first + 1;
        while (first >= 0 && text.IsSymbol(open, '.'))
            open += 2;
        if (first < 0 || !text.IsSymbol(open, '(') || !AsciiNames.AreEqual(text.NameAt(open - 1) ?? "", call.Reader.Name))
            return null;
        var argument = open + 1;
        var last = call.Paths.Count == 1 && text.LiteralAt(argument) == call.Paths[0] ? argument : EndOfList(argument, call.Paths);
        var close = text.ClosingOf(open);
        return last is { } end && close > end && (text.IsSymbol(end + 1, ',') || end + 1 == close) ? (first, argument, end, close) : null;
    }

    private int? EndOfList(int open, IReadOnlyList<string> paths)
    {
        if (text.IsWord(open, "array"u8))
            open++;
        if (!text.IsSymbol(open, '['))
            return null;
        for (var i = 0; i < paths.Count; i++)
        {
            var at = open + 1 + (i * 2);
            if (text.LiteralAt(at) != paths[i] || !text.IsSymbol(at + 1, i + 1 < paths.Count ? ',' : ']'))
                return null;
        }

        return open + (paths.Count * 2);
    }
}
