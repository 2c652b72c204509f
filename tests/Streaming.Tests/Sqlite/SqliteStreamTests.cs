using Banking.Streaming.Tests.Log;
using Banking.Streaming.Tests.Provider;

namespace Banking.Streaming.Tests.Sqlite;

public sealed class SqliteLogContractTests : PartitionedLogContract<SqliteTestLog>;

public sealed class SqliteImplicitSubscriptionTests : ImplicitSubscriptionTests<SqliteTestLog>;

public sealed class SqliteExplicitSubscriptionTests : ExplicitSubscriptionTests<SqliteTestLog>;

public sealed class SqliteFailureTests : FailureTests<SqliteTestLog>;

public sealed class SqlitePublishTests : PublishTests<SqliteTestLog>;

public sealed class SqliteMetricsTests : MetricsTests<SqliteTestLog>;

public sealed class SqliteRewindTests : RewindTests<SqliteTestLog>;

public sealed class SlowSqliteRewindTests : RewindTests<SlowSqliteTestLog>;

public sealed class SqliteGrainSubscriptionTests : GrainSubscriptionTests<SqliteTestLog>;

public sealed class SqlitePositionTests : PositionTests<SqliteTestLog>;

public sealed class SlowSqlitePositionTests : PositionTests<SlowSqliteTestLog>;

public sealed class SqliteDeliveryContractTests : DeliveryContractTests<SqliteTestLog>;

public sealed class SlowSqliteDeliveryContractTests : DeliveryContractTests<SlowSqliteTestLog>;

public sealed class SqliteStrangerTests : StrangerTests<SqliteTestLog>;
