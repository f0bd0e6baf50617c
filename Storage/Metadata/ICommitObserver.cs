namespace Rat.Storage.Metadata;

/// <summary>Is told of each transaction by the thread that writes, before the next one begins: what it takes long for, writers wait for.</summary>
internal interface ICommitObserver
{
    /// <summary>A transaction is on disk; it may have changed nothing. Must not throw.</summary>
    /// <param name="touched">Which of these tables it has changed.</param>
    void Committed(ListedTables touched);
}
