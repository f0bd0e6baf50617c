namespace Rat.Tests.Contract.Conformance;

/// <summary>The documented statuses that no request over HTTP can bring about, each with its reason. Nothing else may be missing.</summary>
internal static class Unreachable
{
    private const string NoUsers = "there are no users without an identity provider, and none is built: the answer is 501";
    private const string NeverAway = "files lie on this machine's disk, which always answers; FullDiskTests fills it";
    private const string EngineInside = "the engine's library is inside of the program: it fails to start only on a host that lacks what it links to";
    private const string NothingToBreak = "it reads nothing that could fail";

    private static readonly string[] Sharing = ["shareResource", "listAccess", "revokeAccess", "transferOwnership"];

    private static readonly string[] OverFiles =
    [
        "getPipelineMetadata", "getPipelineQualityMetadata", "getPipelineMetadataLegacy", "getPipelineQualityMetadataLegacy", "listFiles", "readFile",
        "writeFile", "deleteFile", "uploadFile", "uploadLandingFile", "listLandingSamples", "uploadLandingSample", "deleteLandingSample",
        "listQualityTests", "createQualityTest", "deleteQualityTest", "listQualityTestsLegacy", "createQualityTestLegacy", "deleteQualityTestLegacy",
        "publishPipeline",
    ];

    private static readonly string[] OverEngine =
    [
        "previewPipeline", "executeQuery", "getSchema", "listTables", "getTable", "previewTable", "updateTableMetadata", "runQualityTests",
        "runQualityTestsLegacy",
    ];

    /// <summary>Why the status can't be reached; null when it has to be.</summary>
    public static string? Reason(string operation, int status) => status switch
    {
        403 when operation is "listFiles" or "readFile" => NoUsers,
        not (401 or 413 or 429 or 501) when Sharing.Contains(operation) => NoUsers,
        413 when Sharing.Contains(operation) => "501 is decided before the body is read",
        503 when OverFiles.Contains(operation) => NeverAway,
        503 when OverEngine.Contains(operation) => EngineInside,
        500 when operation is "getFeatures" => NothingToBreak,
        _ => null,
    };
}
