using System.Globalization;
using Rat.Storage.Objects.S3;

namespace Rat.Tests.Objects;

/// <summary>Against the examples of Amazon's API reference ("Signature Calculations for the Authorization Header").</summary>
public sealed class RequestSignerTests
{
    private const string NoBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static readonly DateTimeOffset Time = DateTimeOffset.Parse("2013-05-24T00:00:00Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("GET", "test.txt", "", "Range: bytes=0-9", NoBody, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")]
    [InlineData("PUT", "test$file.text", "", "Date: Fri, 24 May 2013 00:00:00 GMT|x-amz-storage-class: REDUCED_REDUNDANCY",
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")]
    [InlineData("GET", "", "lifecycle=", "", NoBody, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData("GET", "", "max-keys=2&prefix=J", "", NoBody, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    public void The_signature_is_that_of_the_reference(string method, string key, string query, string headers, string hash, string expected)
    {
        var settings = new S3Settings("s3.amazonaws.com", "examplebucket", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]));
        using var request = new HttpRequestMessage(new HttpMethod(method), settings.AddressOf(key, pairs));
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);

        new RequestSigner(settings.AccessKey, settings.SecretKey, null, "us-east-1").Sign(request, hash, Time);
        var authorization = request.Headers.NonValidated["Authorization"].ToString();
        Assert.EndsWith($",Signature={expected}", authorization, StringComparison.Ordinal);
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,", authorization, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_token_is_sent_and_signed()
    {
        var settings = new S3Settings("store:9000", "rat", "a", "b") { SessionToken = "lent" };
        using var request = new HttpRequestMessage(HttpMethod.Get, settings.AddressOf("k"));
        new RequestSigner("a", "b", settings.SessionToken, "us-east-1").Sign(request, NoBody, Time);
        Assert.Equal("lent", request.Headers.NonValidated["x-amz-security-token"].ToString());
        Assert.Contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,", request.Headers.NonValidated["Authorization"].ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("store:9000", false, null, "a b/ü+&?.csv", "http://store:9000/rat/a%20b/%C3%BC%2B%26%3F.csv")]
    [InlineData("store:443", true, null, "k", "https://store/rat/k")]
    [InlineData("s3.eu-west-1.amazonaws.com", true, null, "a/b", "https://rat.s3.eu-west-1.amazonaws.com/a/b")]
    [InlineData("store:9000", false, true, "a/b", "http://rat.store:9000/a/b")]
    [InlineData("store:9000", false, null, "", "http://store:9000/rat")]
    public void An_object_has_one_address(string endpoint, bool useTls, bool? inHost, string key, string expected)
    {
        var settings = new S3Settings(endpoint, "rat", "a", "b") { UseTls = useTls };
        if (inHost is { } chosen)
            settings = settings with { HasBucketInHost = chosen };
        var address = settings.AddressOf(key);
        Assert.Equal(expected, $"{address.Scheme}://{address.Authority}{address.PathAndQuery}");
    }

    [Fact]
    public void A_bucket_with_dots_is_never_a_part_of_the_host() =>
        Assert.Equal("/my.bucket/k", new S3Settings("s3.amazonaws.com", "my.bucket", "a", "b") { UseTls = true }.AddressOf("k").AbsolutePath);

    [Fact]
    public void Settings_don_t_tell_the_keys() =>
        Assert.Equal("store:9000/rat", new S3Settings("store:9000", "rat", "access", "secret") { SessionToken = "token" }.ToString());
}
