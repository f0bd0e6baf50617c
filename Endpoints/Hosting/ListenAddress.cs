using System.Globalization;
using System.Net;
using Rat.Storage;

namespace Rat.Endpoints.Hosting;

/// <summary>Where the server listens.</summary>
/// <param name="Address"><see cref="IPAddress.IPv6Any"/> stands for all interfaces, IPv4 included.</param>
/// <param name="Port">0 takes any free port.</param>
internal sealed record ListenAddress(IPAddress Address, int Port)
{
    public static ListenAddress Default { get; } = new(IPAddress.Loopback, 8080);

    /// <summary>True when other machines can reach it.</summary>
    public bool IsPublic => !IPAddress.IsLoopback(Address);

    /// <summary>The address under which this machine reaches the server.</summary>
    public IPAddress Reachable =>
        Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : Address;

    public static ListenAddress AllInterfaces(int port) => new(IPAddress.IPv6Any, port);

    /// <summary>
    /// Reads <c>host:port</c>, <c>[v6]:port</c> or <c>:port</c> (all interfaces). A host is an IP address or <c>localhost</c>.
    /// </summary>
    public static Outcome<ListenAddress> Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
            return Failure.Invalid($"\"{text}\" is not host:port");
        if (!TryParsePort(text[(colon + 1)..], out var port))
            return Failure.Invalid($"\"{text}\": the port must be a number from 0 to 65535");

        var host = text[..colon];
        if (host.Length == 0)
            return AllInterfaces(port);
        if (host == "localhost")
            return new ListenAddress(IPAddress.Loopback, port);

        // Without brackets the last colon of an IPv6 address can't be told from the one before the port.
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        return (isBracketed || !host.Contains(':', StringComparison.Ordinal)) && IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? new ListenAddress(address, port)
            : Failure.Invalid($"\"{text}\": the host must be an IP address, localhost, or empty for all interfaces");
    }

    public static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 0 and <= 65535;

    public override string ToString() => new IPEndPoint(Address, Port).ToString();
}
