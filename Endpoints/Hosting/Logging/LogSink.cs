namespace Rat.Endpoints.Hosting.Logging;

/// <summary>Where finished log lines go: one write per line, so that lines of several threads never mix.</summary>
/// <param name="output">Written unbuffered; what it refuses (a closed pipe, a full disk) is dropped: logging never fails the work.</param>
internal sealed class LogSink(Stream output)
{
    private readonly Lock _lock = new();

    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            try
            {
                output.Write(line);
                output.Flush();
            }
            catch (IOException)
            {
            }
        }
    }
}
