using System.Reflection;
using Xunit.Sdk;

namespace Rat.Tests.Rows;

/// <summary>Keeps the count of covered rows honest: a case names its row in its data.</summary>
public class RowCoverageTests
{
    private static readonly string[] Required =
    [
        .. Rows(1, 47), "row 47b", .. Rows(48, 105), "row 105b", .. Rows(106, 114), .. Rows(116, 120),
        .. Rows(132, 160), "row 138b",
    ];

    [Fact]
    public void The_rows_of_the_cases_are_exactly_the_required_ones()
    {
        var covered = Cases().Where(row => row.StartsWith("row ", StringComparison.Ordinal)).Distinct();
        Assert.Equal(Required.Order(StringComparer.Ordinal), covered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_case_says_what_it_shows() =>
        Assert.All(Cases(), row => Assert.True(row.StartsWith("row ", StringComparison.Ordinal) || row.StartsWith("clause ", StringComparison.Ordinal), row));

    private static IEnumerable<string> Rows(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => $"row {number}");

    private static IEnumerable<string> Cases() =>
        from type in typeof(RowCoverageTests).Assembly.GetTypes()
        where type.Namespace == typeof(RowCoverageTests).Namespace
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        from data in method.GetCustomAttributes<DataAttribute>()
        from row in data.GetData(method)
        select (string)row[0];
}
