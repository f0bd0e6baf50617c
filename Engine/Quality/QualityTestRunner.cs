using System.Globalization;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Views;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Quality;

/// <summary>Executes one quality test: compiled, admitted, all of its rows read within the time limit.</summary>
internal sealed class QualityTestRunner(
    TestCompiler compiler, ViewCatalogs views, LakePins pins, ErrorTexts errors, EngineSettings settings, TimeProvider time)
{
    private static readonly Int128 MostViolations = long.MaxValue;

    /// <summary>Whatever is wrong with the test is in its result.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<TestResult> RunAsync(
        QualityTestFile test, TestScope scope, DuckInstance instance, DuckConnection connection, CancellationToken stopping)
    {
        var start = time.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(settings.QualityTestTimeout);
        var sql = "";
        try
        {
            using var interrupt = connection.InterruptOn(deadline.Token);
            using var lease = pins.Open();
            var rendered = compiler.Render(test, scope, deadline.Token);
            if (!rendered.Succeeded)
                return Broken(rendered.Failure);
            sql = rendered.Value;
            var compiled = compiler.Admit(connection, sql, scope);
            if (!compiled.Succeeded)
                return Broken(compiled.Failure);
            lease.Narrow(compiled.Value.Sql.Views.Select(view => view.State));
            var found = await CountAsync(compiled.Value, instance, connection, deadline.Token);
            return found.Violations == 0
                ? Result(TestVerdict.Pass, 0, "", "")
                : Result(TestVerdict.Fail, found.Violations, CountText(found.Violations), found.Sample);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or DuckException { IsInterrupted: true })
        {
            stopping.ThrowIfCancellationRequested();
            var limit = settings.QualityTestTimeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            return Result(TestVerdict.Fail, 0, $"stopped at the time limit of {limit} s; QUALITY_TEST_TIMEOUT_SECS raises it", "");
        }
        catch (DuckException failed)
        {
            return Broken(errors.ToFailure(failed));
        }

        TestResult Broken(Failure failure) => Result(TestVerdict.Error, 0, failure.Message, "");

        TestResult Result(TestVerdict verdict, long violations, string message, string sample) =>
            new(test, verdict, violations, message, (long)time.GetElapsedTime(start).TotalMilliseconds, sql, sample);
    }

    private static string CountText(long violations) =>
        violations == 1 ? "1 violation" : string.Create(CultureInfo.InvariantCulture, $"{violations} violations");

    private async Task<(long Violations, string Sample)> CountAsync(
        CompiledTest test, DuckInstance instance, DuckConnection connection, CancellationToken deadline)
    {
        DuckResult result;
        // Until the execution has begun the views must keep showing what the gate saw.
        using (await views.Of(instance).AcquireAsync(connection, test.Sql.Reads, deadline))
        {
            using var prepared = connection.Prepare(test.Sql.Text);
            result = prepared.Start();
        }

        using (result)
        {
            var sample = new TestSample(result.Columns, [.. errors.Scrub(result.Columns).Select(column => column.Name)]);
            var rows = 0L;
            long? number = null;
            while (result.TryReadChunk(out var chunk))
            {
                if (rows == 0 && test.CountsViolations)
                    number = NumberIn(result.Columns, chunk);
                sample.Add(chunk);
                rows += chunk.RowCount;
            }

            var violations = rows == 1 && number is { } counted ? counted : rows;
            return (violations, rows == 0 ? "" : sample.ToText(rows));
        }
    }

    // The value of the one column, if that is of an integer type: sum() of fractions counts nothing. NULL, the sum of no rows, is 0.
    private static long? NumberIn(IReadOnlyList<DuckColumn> columns, DuckChunk chunk) => columns[0].VectorType.Kind switch
    {
        >= DuckTypeKind.TinyInt and <= DuckTypeKind.UInteger => chunk.IsNull(0, 0) ? 0 : chunk.GetInt64(0, 0),
        DuckTypeKind.HugeInt => chunk.IsNull(0, 0) ? 0 : (long)Int128.Clamp(chunk.GetInt128(0, 0), -MostViolations, MostViolations),
        _ => null,
    };
}
