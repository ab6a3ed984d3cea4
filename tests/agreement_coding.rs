//! Statistics on positions and unitizing against published examples, and against values of the reference implementations.
