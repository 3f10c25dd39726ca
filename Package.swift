// swift-tools-version:6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

// Exclusive access to stored properties is checked when the program is built for debugging, which is how tests run it;
// in a release each check would cost as much as the access. Only for the targets with loops over rows.
let hotSettings = settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

// Evaluation asks for much memory and gives it back soon; this allocator is faster at that than the C library's.
let allocator: [LinkerSetting] = [
    .linkedLibrary("mimalloc", .when(platforms: [.linux], configuration: .release))
]

let package = Package(
    name: "shoal",
    products: [
        .executable(name: "shoal", targets: ["shoal"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // Without its readers of files: JSON has one reader here.
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C and C++ libraries of the system.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        // RE2 is C++, so a few C functions stand between it and Swift.
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),

        // The functions of libcurl that set options take any type, which Swift cannot call.
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),

        // From the bottom of the house to its top: a target imports only what stands above it here.
        .target(
            name: "EventModel",
            dependencies: ["CRE2", .product(name: "BigInt", package: "BigInt")],
            swiftSettings: settings),
        .target(name: "CBytes"),
        .target(name: "Columns", dependencies: ["CBytes"], swiftSettings: hotSettings),
        .target(name: "SegmentLanguage", dependencies: ["EventModel"], swiftSettings: settings),
        .target(
            name: "EventStore",
            dependencies: [
                "EventModel", "Columns", "CZstd",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: hotSettings),
        .target(
            name: "SegmentEngine",
            dependencies: [
                "EventModel", "Columns", "SegmentLanguage", "EventStore",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            // Built into the program, which so stays one file without a folder of resources.
            resources: [.embedInCode("ReadySegments")],
            swiftSettings: hotSettings),
        .target(
            name: "ReferenceEvaluation",
            dependencies: [
                "EventModel", "SegmentLanguage",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .target(
            name: "Connectors",
            dependencies: [
                "EventModel", "Columns", "EventStore", "CZlib",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: hotSettings),
        .target(
            name: "Analytics",
            dependencies: ["EventModel", "Columns", "SegmentLanguage", "EventStore", "SegmentEngine"],
            swiftSettings: hotSettings),
        .target(name: "DemoStore", dependencies: ["EventModel"], swiftSettings: settings),
        .target(name: "Outbound", dependencies: ["EventModel", "CCurl"], swiftSettings: settings),
        .target(
            name: "Membership",
            dependencies: [
                "EventModel", "Columns", "SegmentLanguage", "EventStore", "SegmentEngine",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: settings),
        // The scripts and styles of Web/dashboard, built into the program.
        .target(name: "CAssets"),
        .target(
            name: "Dashboard",
            dependencies: [
                "EventModel", "Columns", "SegmentLanguage", "EventStore", "SegmentEngine", "Connectors", "Analytics",
                "Membership", "CAssets", "CZlib",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .target(
            name: "Server",
            dependencies: [
                "EventModel", "Columns", "SegmentLanguage", "EventStore", "SegmentEngine", "Connectors", "Analytics",
                "Membership", "Outbound", "Dashboard", "CZlib",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "shoal",
            dependencies: [
                "EventModel", "SegmentLanguage", "EventStore", "SegmentEngine", "Analytics", "ReferenceEvaluation",
                "Connectors", "DemoStore", "Outbound", "Dashboard", "Server",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
            ],
            swiftSettings: settings,
            linkerSettings: allocator),

        // What Benchmarks/compare measures inside the process; no part of the program.
        .executableTarget(
            name: "engine-benchmarks",
            dependencies: [
                "EventModel", "Columns", "SegmentLanguage", "EventStore", "SegmentEngine", "Analytics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Benchmarks/Engine",
            swiftSettings: settings,
            linkerSettings: allocator),
        // How fast a store decodes; no part of the program.
        .executableTarget(
            name: "store-benchmarks",
            dependencies: [
                "EventModel", "EventStore", "Connectors",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Store",
            swiftSettings: settings,
            linkerSettings: allocator),

        .target(
            name: "TestSupport",
            dependencies: ["EventModel", "SegmentLanguage", "EventStore"],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        // What must hold of each reader of foreign input; called by the fuzzers and by FuzzTests.
        .target(
            name: "FuzzChecks",
            dependencies: [
                "EventModel", "Columns", "SegmentLanguage", "EventStore", "Connectors", "CZstd", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Fuzz/Checks",
            swiftSettings: settings),
        .testTarget(
            name: "FuzzTests", dependencies: ["FuzzChecks", "EventModel", "Columns", "EventStore"],
            swiftSettings: settings),
        .testTarget(name: "EventModelTests", dependencies: ["EventModel", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "ColumnsTests", dependencies: ["Columns", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SegmentLanguageTests", dependencies: ["SegmentLanguage", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "EventStoreTests",
            dependencies: [
                "EventStore", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ReferenceEvaluationTests",
            dependencies: ["ReferenceEvaluation", "SegmentLanguage", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SegmentEngineTests",
            dependencies: ["SegmentEngine", "ReferenceEvaluation", "Columns", "DemoStore", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "MembershipTests",
            dependencies: [
                "Membership", "SegmentEngine", "SegmentLanguage", "EventStore", "Columns", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "OutboundTests", dependencies: ["Outbound", "EventModel", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Dashboard", "Analytics", "SegmentEngine", "SegmentLanguage", "EventStore", "EventModel", "Columns",
                "Membership", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Dashboard", "Analytics", "EventModel", "EventStore", "SegmentLanguage", "SegmentEngine",
                "Connectors", "Membership", "Outbound", "CZlib", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AnalyticsTests",
            dependencies: [
                "Analytics", "SegmentEngine", "ReferenceEvaluation", "Columns", "Connectors", "EventStore",
                "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ConnectorsTests", dependencies: ["Connectors", "EventModel", "EventStore", "CZlib", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "DemoStoreTests", dependencies: ["DemoStore", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "ShoalTests", dependencies: ["shoal", "TestSupport"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// The fuzzers of scripts/fuzz have no `main` of their own, so they are part of the package only there.
if Context.environment["SHOAL_FUZZ"] != nil {
    package.targets.append(
        .target(name: "FuzzInput", dependencies: ["EventModel"], path: "Fuzz/Input", swiftSettings: settings))
    for name in ["FuzzJSON", "FuzzLanguage", "FuzzCSV", "FuzzPart"] {
        package.targets.append(
            .executableTarget(
                name: name, dependencies: ["EventModel", "FuzzChecks", "FuzzInput"], path: "Fuzz/\(name)",
                swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
        package.products.append(.executable(name: name, targets: [name]))
    }
}
