namespace Rat.Storage.Backup;

/// <summary>A bucket and the prefix of a backup's keys in it, as a person writes it: <c>s3://bucket</c> or <c>s3://bucket/prefix</c>.</summary>
internal sealed record BackupPlace(string Bucket, string Prefix)
{
    private const string Scheme = "s3://";

    public static Outcome<BackupPlace> Parse(string text)
    {
        var wrong = Failure.Invalid($"\"{text}\" must be s3://BUCKET or s3://BUCKET/PREFIX");
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
            return wrong;
        var parts = text[Scheme.Length..].Split('/', 2);
        var prefix = parts.Length == 1 ? "" : parts[1].Trim('/');
        // S3's rule is narrower ("Bucket naming rules"), but other stores have their own.
        if (parts[0].Length == 0 || parts[0].Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_')))
            return wrong;
        if (prefix.Any(char.IsControl) || prefix.Split('/') is var segments && prefix.Length > 0 && segments.Any(segment => segment is "" or "." or ".."))
            return wrong;
        return new BackupPlace(parts[0], prefix.Length == 0 ? BackupSettings.StandardPrefix : $"{prefix}/");
    }
}
