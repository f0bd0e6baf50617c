using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Rat.Tests.Contract;

/// <summary>
/// Counts which statuses of which operations the tests of this process have seen. With <c>RAT_CONTRACT_REPORT</c> set, the summary is
/// written to that file when the process ends.
/// </summary>
internal static class ContractCoverage
{
    private static readonly ConcurrentDictionary<(string Operation, int Status), int> Seen = new();

    static ContractCoverage()
    {
        if (Environment.GetEnvironmentVariable("RAT_CONTRACT_REPORT") is { Length: > 0 } file)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => File.WriteAllText(file, Summary());
    }

    public static void Count(ContractOperation operation, int status) =>
        Seen.AddOrUpdate((operation.Id, status), 1, (_, count) => count + 1);

    /// <summary>One line per operation that was reached: how often each status was seen, and which documented ones never were.</summary>
    public static string Summary()
    {
        var text = new StringBuilder();
        var seen = Seen.ToArray();
        foreach (var operation in ContractDocument.Instance.Operations)
        {
            var statuses = seen.Where(entry => entry.Key.Operation == operation.Id).OrderBy(entry => entry.Key.Status).ToList();
            if (statuses.Count == 0)
                continue;
            var reached = statuses.Select(entry => $"{entry.Key.Status}×{entry.Value}");
            var never = operation.Responses.Select(response => response.Key).Except(statuses.Select(entry => entry.Key.Status.ToString(CultureInfo.InvariantCulture)));
            text.AppendLine(CultureInfo.InvariantCulture, $"{operation.Id,-28} {string.Join(' ', reached),-44} never: {string.Join(' ', never)}");
        }

        var reachedCount = seen.Select(entry => entry.Key.Operation).Distinct().Count();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{reachedCount} of {ContractDocument.Instance.Operations.Count()} operations, {seen.Length} operation × status, {seen.Sum(entry => entry.Value)} responses");
        return text.ToString();
    }
}
