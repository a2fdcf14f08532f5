System.Console.WriteLine("driverslicer");
