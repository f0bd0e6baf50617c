using System.Text.Json;
using Rat.Engine.Duck.Gate.Names;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Readers;

/// <summary>What a call of a reader asks for, from the parse tree.</summary>
/// <param name="Paths">The literals of the one positional argument.</param>
/// <param name="FileNameColumn">The column that shall hold each row's file name, or null.</param>
/// <param name="HasHiveOption">Whether it says if folders named <c>a=b</c> make columns.</param>
internal sealed record ReaderCall(FileReader Reader, IReadOnlyList<string> Paths, string? FileNameColumn, bool HasHiveOption)
{
    /// <summary>Refuses what is not one literal, or one list of literals, and known options.</summary>
    public static Outcome<ReaderCall> Read(FileReader reader, JsonElement function)
    {
        List<string>? paths = null;
        string? fileNameColumn = null;
        var hasHiveOption = false;
        foreach (var argument in function.GetProperty("children"u8).EnumerateArray())
        {
            if (Option(argument) is not { } option)
            {
                if (paths is not null || (paths = Literals(argument)) is null)
                    return NotLiteral(reader);
                continue;
            }

            var name = AsciiNames.ToLower(option.Name);
            if (!reader.Options.Contains(name))
                return Failure.Invalid($"the option {option.Name} of {reader.Name} is not allowed{Suggestion.For(name, reader.Options)}");
            if (name == "filename" && !TryReadColumn(option.Value, out fileNameColumn))
                return Failure.Invalid($"the option filename of {reader.Name} must be true, false or the name of the column as a literal");
            hasHiveOption |= name is "hive_partitioning" or "hive_types";
        }

        return paths is null ? NotLiteral(reader) : new ReaderCall(reader, paths, fileNameColumn, hasHiveOption);
    }

    /// <summary>A text literal or a list of such; null for anything else.</summary>
    private static List<string>? Literals(JsonElement argument)
    {
        if (Text(argument) is { } single)
            return [single];
        var isList = argument.GetProperty("class"u8).ValueEquals("FUNCTION"u8) && argument.GetProperty("function_name"u8).ValueEquals("list_value"u8);
        var isArray = argument.GetProperty("type"u8).ValueEquals("ARRAY_CONSTRUCTOR"u8);
        if (!isList && !isArray)
            return null;
        var texts = new List<string>();
        foreach (var item in argument.GetProperty("children"u8).EnumerateArray())
        {
            if (Text(item) is not { } text)
                return null;
            texts.Add(text);
        }

        return texts.Count == 0 ? null : texts;
    }

    // name := value and name => value come as an alias, name = value as a comparison.
    private static (string Name, JsonElement Value)? Option(JsonElement argument)
    {
        if (argument.GetProperty("alias"u8).GetString() is { Length: > 0 } alias)
            return (alias, argument);
        if (!argument.GetProperty("type"u8).ValueEquals("COMPARE_EQUAL"u8))
            return null;
        var left = argument.GetProperty("left"u8);
        return left.GetProperty("class"u8).ValueEquals("COLUMN_REF"u8) && left.GetProperty("column_names"u8) is var names && names.GetArrayLength() == 1
            ? (names[0].GetString()!, argument.GetProperty("right"u8))
            : null;
    }

    private static bool TryReadColumn(JsonElement value, out string? column)
    {
        column = null;
        if (value.GetProperty("class"u8).ValueEquals("CAST"u8) && value.GetProperty("cast_type"u8).GetProperty("id"u8).ValueEquals("BOOLEAN"u8))
        {
            switch (Text(value.GetProperty("child"u8)))
            {
                case "t":
                    column = "filename";
                    return true;
                case "f":
                    return true;
            }

            return false;
        }

        column = Text(value);
        return column is { Length: > 0 };
    }

    private static string? Text(JsonElement expression)
    {
        if (!expression.GetProperty("class"u8).ValueEquals("CONSTANT"u8))
            return null;
        var value = expression.GetProperty("value"u8);
        return value.GetProperty("type"u8).GetProperty("id"u8).ValueEquals("VARCHAR"u8) && !value.GetProperty("is_null"u8).GetBoolean()
            ? value.GetProperty("value"u8).GetString()
            : null;
    }

    private static Failure NotLiteral(FileReader reader) => Failure.Invalid(
        $"{GateMessages.FileFunction}: {reader.Name} takes one literal address, s3://{{bucket}}/{{namespace}}/landing/…, or a list of them, and named options");
}
