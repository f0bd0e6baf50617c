namespace Rat.Storage.Objects.S3;

/// <summary>What the headers of an answer say of an object.</summary>
/// <param name="ETag">Changes with the object's bytes; null when the answer has none.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">Of the bytes, in lower-case hexadecimal; null when it wasn't known before the object was put, as of a long stream.</param>
/// <param name="UploadId">The upload's by which this program has put the object in parts.</param>
internal sealed record S3Head(string? ETag, long Length, string? Sha256, string? UploadId)
{
    /// <summary>Metadata of objects whose hash is known when they are put.</summary>
    public const string Sha256Header = "x-amz-meta-rat-sha256";

    /// <summary>Metadata of objects that are put in parts.</summary>
    public const string UploadHeader = "x-amz-meta-rat-upload";

    public static S3Head Of(HttpResponseMessage answer) => new(
        // As it stands, with its quotes: .NET takes well-formed ones only.
        Find(answer, "ETag"), answer.Content.Headers.ContentLength ?? 0, Find(answer, Sha256Header), Find(answer, UploadHeader));

    private static string? Find(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
