namespace Rat.Engine.Pipelines;

/// <summary>A quality test of a pipeline, as one reader sees it: pinned by the publication, or the draft.</summary>
/// <param name="Path">Below the folder of the tests, without <c>.sql</c>: the name that the API shows.</param>
/// <param name="Text">Null when its bytes are not there any more, or too many for a template.</param>
internal sealed record QualityTestFile(string Key, string Path, string? Text)
{
    /// <summary>The name of the file alone, without <c>.sql</c>, on one line: what logs call it.</summary>
    public string Name { get; } = Path.Split('/')[^1].ReplaceLineEndings(" ");

    public QualityTestHeader Header { get; } = QualityTestAnnotations.Parse(Text ?? "");

    /// <summary>The folder of a pipeline's tests: <c>{ns}/pipelines/{layer}/{name}/tests/quality/</c>.</summary>
    public static string FolderOf(string pipelineFolder) => pipelineFolder + "tests/quality/";
}
