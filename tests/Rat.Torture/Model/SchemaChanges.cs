namespace Rat.Torture.Model;

/// <summary>Lets the columns of a pipeline's result change as those of real pipelines do.</summary>
internal sealed class SchemaChanges(SequencePlan plan, Random random)
{
    private const int MostColumns = 26;

    private int _fresh;

    /// <summary>Other columns, in the order in which the next batches have them; the same ones when the chosen change isn't possible.</summary>
    public IReadOnlyList<Column> Next(IReadOnlyList<Column> columns, ModelTable? table)
    {
        var changed = Change([.. columns], table);
        return Fits(changed, table) ? changed : columns;
    }

    /// <summary>Columns of which one can't be brought into the table; null when there is no such change.</summary>
    public IReadOnlyList<Column>? Clashing(IReadOnlyList<Column> columns, ModelTable table)
    {
        var shared = columns.Where(column => Loose(column) && table.IndexOf(column.Name) >= 0).ToList();
        if (shared.Count == 0)
            return null;
        var clashing = shared[random.Next(shared.Count)];
        var type = Opposite(table.Columns[table.IndexOf(clashing.Name)].Type);
        return [.. columns.Select(column => column == clashing ? column with { Type = type } : column)];
    }

    private List<Column> Change(List<Column> columns, ModelTable? table)
    {
        var loose = columns.Where(Loose).ToList();
        var any = columns[random.Next(columns.Count)];
        var some = loose[random.Next(loose.Count)];
        var full = plan.Settings.Strategy != "full_refresh" && table?.Columns.Count >= MostColumns;
        switch (random.Next(10))
        {
            case 0 or 1 when !full:
                columns.Insert(random.Next(columns.Count + 1), new Column(FreshName(), CellTypes.Any(random)));
                break;
            case 2 when loose.Count > 4:
                columns.Remove(some);
                break;
            case 3 when !full:
                columns[columns.IndexOf(some)] = some with { Name = FreshName() };
                break;
            case 4 when table?.Columns.Where(own => !columns.Any(column => column.IsCalled(own.Name)) && !IsScd(own)).ToList() is { Count: > 0 } gone:
                columns.Add(gone[random.Next(gone.Count)]);
                break;
            case 5:
                columns[columns.IndexOf(any)] = any with { Name = Recased(any.Name) };
                break;
            case 6:
                Retype(columns, any, CellTypes.Promotions(any.Type));
                break;
            case 7:
                Retype(columns, some, CellTypes.Rewrites(some.Type));
                break;
            case 8 when some.Type is { Kind: CellKind.Struct, Fields.Count: < 5 }:
                columns[columns.IndexOf(some)] = some with { Type = CellTypes.Grown(some.Type, FreshName(), random) };
                break;
            case 8:
                Retype(columns, some, CellTypes.Narrower(some.Type));
                break;
            default:
                random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(columns));
                break;
        }

        return columns;
    }

    private void Retype(List<Column> columns, Column column, IReadOnlyList<CellType> types)
    {
        if (types.Count > 0)
            columns[columns.IndexOf(column)] = column with { Type = types[random.Next(types.Count)] };
    }

    // Only changes whose outcome is written down; full_refresh takes any.
    private bool Fits(IReadOnlyList<Column> columns, ModelTable? table) => plan.Settings.Strategy == "full_refresh" || table is null
        || columns.All(column => table.IndexOf(column.Name) is var index
            && (index < 0 || Widening.Common(table.Columns[index].Type, column.Type) is not null));

    private bool Loose(Column column) => !SequencePlan.IsKey(column.Name.ToLowerInvariant()) && !plan.Fixed.Any(column.IsCalled);

    private static bool IsScd(Column column) => column.IsCalled(MergeSettings.ValidFrom) || column.IsCalled(MergeSettings.ValidTo);

    private static CellType Opposite(CellType type) => type.Kind == CellKind.Text ? CellType.Int : CellType.Text;

    private string FreshName() => random.Next(4) switch
    {
        0 => $"spaced {_fresh++}",
        1 => $"quo'te\"d {_fresh++}",
        2 => $"Größe{_fresh++}",
        _ => $"c{_fresh++}",
    };

    private string Recased(string name) => new([.. name.Select(letter => random.Next(2) == 0 ? letter
        : char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter)
        : char.IsAsciiLetterLower(letter) ? char.ToUpperInvariant(letter) : letter)]);
}
