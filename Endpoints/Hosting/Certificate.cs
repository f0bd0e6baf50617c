using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rat.Storage;

namespace Rat.Endpoints.Hosting;

/// <summary>The server's certificate with its key, and what the PEM file held beside it.</summary>
internal sealed record Certificate(X509Certificate2 Leaf, X509Certificate2Collection Chain)
{
    /// <summary>Reads both files; a failure names the file's problem in one line.</summary>
    public static Outcome<Certificate> Load(TlsFiles files)
    {
        try
        {
            var leaf = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);
            return new Certificate(leaf, chain);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return Failure.Invalid($"TLS_CERT_FILE {files.Certificate}, TLS_KEY_FILE {files.Key}: {unreadable.Message}");
        }
    }
}
