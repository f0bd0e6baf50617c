using Rat.Engine.Pipelines;

namespace Rat.Engine.Quality;

/// <summary>What a quality test says.</summary>
internal enum TestVerdict
{
    /// <summary>There is no violation.</summary>
    Pass,

    /// <summary>There are violations, or it didn't end in time.</summary>
    Fail,

    /// <summary>It could not be asked: its template or its SQL is wrong, or a table is missing.</summary>
    Error,
}

/// <summary>The result of one quality test.</summary>
/// <param name="Violations">0 unless it failed; what a test that ran out of time would have found isn't known, so it has 0 too.</param>
/// <param name="Message">Empty when it passed; without local paths.</param>
/// <param name="CompiledSql">Empty when the template gave none.</param>
/// <param name="Sample">The first violations as a table of text; empty unless it failed with some.</param>
internal sealed record TestResult(
    QualityTestFile Test, TestVerdict Verdict, long Violations, string Message, long DurationMs, string CompiledSql, string Sample)
{
    /// <summary>A run of the pipeline must not be committed because of it.</summary>
    public bool Blocks => Verdict != TestVerdict.Pass && Test.Header.Severity == TestSeverity.Error;

    /// <summary>The word of the API: <c>passed</c>, <c>failed</c>, <c>warned</c> or <c>error</c>.</summary>
    public string Status => (Verdict, Test.Header.Severity) switch
    {
        (TestVerdict.Pass, _) => "passed",
        (TestVerdict.Error, _) => "error",
        (TestVerdict.Fail, TestSeverity.Error) => "failed",
        _ => "warned",
    };

    public string Severity => Test.Header.Severity.ToText();
}
