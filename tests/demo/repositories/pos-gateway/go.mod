module gitlab.com/northwind-retail/pos-gateway

go 1.25
