using Banking.Lake.Store;

namespace Banking.Lake.Identity;

/// <summary>The lake is another bank's: its accounts' numbers mean nothing here, and rows of both would be mixed.</summary>
public sealed class LakeOfAnotherBankException(string lakeId, string lakesBank, string bank)
    : LakeRefusalException(
        $"The lake {lakeId} has the events of bank {lakesBank}, and storage is that of bank {bank}. Nothing is written. "
        + "Give this bank a lake of its own (Banking:Lake:Root), or its own storage back.");
